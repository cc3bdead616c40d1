/** Names of PyTorch that gradtape does not mean to have, and why. */
export interface Refusal {
  readonly title: string;
  readonly reason: string;
  readonly names: RegExp;
}

export const refusals: readonly Refusal[] = [
  {
    title: 'complex numbers',
    reason: 'dtypes are float32, float64, int32 and bool',
    names:
      /^torch\.(complex|polar|real|imag|conj|conj_physical|resolve_\w+|is_(complex|conj)|isreal|view_as_\w+|angle|stft|istft|linalg\.eig(vals)?)$/,
  },
  {
    title: 'sparse tensors',
    reason: 'a tensor is a typed array with strides',
    names: /sparse_\w+_tensor$|^torch\.(hspmm|smm|sspaddmm|segment_reduce)$|(indices|values)_copy$|SparseAdam$/,
  },
  {
    title: 'quantization and low precision',
    reason: 'float32 computes, float64 verifies',
    names: /quantize|(scaled|grouped)_mm$|scaled_grouped_mm$|float32_matmul_precision$/,
  },
  {
    title: 'copies of views, memory layouts',
    reason: 'tensors are immutable: a view and a copy are the same to everybody',
    names: /_copy$|_strided|empty_permuted|_memory_format$|unsafe_\w+$|slice_inverse|is_storage$/,
  },
  {
    title: 'settings of a process',
    reason: 'dtypes and generators are arguments, `compile` decides how many threads work, there is one device',
    names:
      /^torch\.((get|set)_(default_\w+|deterministic\w*|device_module|num_\w+|warn_always|printoptions|flush_denormal)|init_num_threads|use_deterministic\w*|are_deterministic\w*|is_deterministic\w*|is_warn_always\w*|thread_safe_generator|compiled_with\w*)$|set_multithreading_enabled$/,
  },
  {
    title: 'programs as text and their symbols',
    reason:
      '`compile` traces functions of TypeScript; loops and conditions are the language’s own, and `where` chooses on tensors',
    names:
      /^torch\.(fork|wait|cond|while_loop|import_ir\w*|parse_\w+|merge_type\w*|unify_type\w*|sym_\w+|typename)$|functionalize$|debug_unwrap$|linearize$/,
  },
  {
    title: 'several devices and processes',
    reason: 'one machine’s processor; CUDA and distributed training are for later',
    names: /DataParallel$|SyncBatchNorm$|DistributedSampler$|get_worker_info$|(to|from)_dlpack$|from_file$/,
  },
  {
    title: 'layers without sizes',
    reason: 'a layer knows its sizes, and so do its types',
    names: /\.Lazy\w+$|Uninitialized\w+$|skip_init$/,
  },
  {
    title: 'pipelines of data pipes',
    reason: 'PyTorch has given them up',
    names:
      /DataPipe|DataChunk$|functional_datapipe$|guaranteed_datapipes\w+$|non_deterministic$|_validation(_disabled)?$/,
  },
  {
    title: 'Bessel functions, orthogonal polynomials',
    reason: 'no layer and no loss asks for them, and PyTorch itself has derivatives of hardly any',
    names: /^torch\.special\.(airy_ai|\w*bessel_\w+|\w+_polynomial_\w+|zeta)$/,
  },
  {
    title: 'what PyTorch keeps for itself',
    reason: 'inner parts, without documentation or for old programs',
    names:
      /RNN(Cell)?Base$|native_channel_shuffle$|conv_tbc$|hash_tensor$|CrossMapLRN2d$|NestedIOFunction$|enforce_grad_layout_policy$|autograd\.variable$|is_inference\w*$|invert_permutation$|_ex$|LinAlgError$|replace_all_batch_norm_modules_$|ormqr$|geqrf$|orgqr$|torch\.ger$/,
  },
];
