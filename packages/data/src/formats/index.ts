export { type Classes, type CsvOptions, loadCsv, type NumbersOptions, readCsv, Table } from './csv.ts';
export { type IdxArray, type IdxData, readIdx } from './idx.ts';
export { fromJson, toJson } from './json.ts';
export { loadNpy, readNpy, saveNpy, writeNpy } from './npy.ts';
export { loadNpz, type NpzOptions, readNpz, saveNpz, writeNpz } from './npz.ts';
export {
  loadSafetensors,
  readSafetensors,
  type Safetensors,
  type SafetensorsOptions,
  saveSafetensors,
  writeSafetensors,
} from './safetensors.ts';
