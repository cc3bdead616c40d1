import { type DType, dtypeCode } from '../core/dtype.ts';

/** A loop for each dtype, made when first needed, so that the machine code of each sees one type of storage. */
export function perDType<Loop>(make: () => Loop): (dtype: DType) => Loop {
  const made: Loop[] = [];
  return (dtype) => {
    made[dtypeCode(dtype)] ??= make();
    return made[dtypeCode(dtype)];
  };
}
