/** Whose names a state is written with. */
export type Naming = 'gradtape' | 'pytorch';

/**
 * What gradtape calls what PyTorch calls `name`: words that `_` joins, in camelCase. Dots, and `_` at the edges, stay.
 *
 * @example
 * fromPyTorchName('encoder.layers.0.self_attn.in_proj_weight'); // 'encoder.layers.0.selfAttn.inProjWeight'
 */
export function fromPyTorchName(name: string): string {
  return name.replace(/(?<=[A-Za-z0-9])_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * What PyTorch calls what gradtape calls `name`: {@link fromPyTorchName} leads back, if `name` has no `_` inside.
 *
 * @example
 * toPyTorchName('lstm.weightIhL0Reverse'); // 'lstm.weight_ih_l0_reverse'
 */
export function toPyTorchName(name: string): string {
  return name.replace(/(?<=[A-Za-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
