import { detach, Parameter, type Tensor } from '@gradtape/autograd';
import type { Module } from '@gradtape/nn';
import { construct, gatherLists, tensorsIn } from '../call.ts';
import { type Attributes, type ReferenceCase, toTensor } from '../format.ts';
import { camelCase } from '../names.ts';
import { arrange } from '../signatures.ts';
import { type Executor, gradientsOf, type NamedTensors, named, prefixed } from './executor.ts';

/** Makes a module, and the modules that its arguments describe. `creation` says how new parameters are made. */
export function buildModule(op: string, attrs: Attributes, creation: Attributes): Module {
  const { layers, encoder_layer, decoder_layer, ...plain } = attrs;
  if (layers !== undefined) {
    const built = layers.map((layer: Attributes) => buildModule(layer.op, layer.attrs, creation));
    return construct(op, { layers: built }) as Module;
  }
  if (encoder_layer !== undefined) {
    const layer = buildModule('torch.nn.TransformerEncoderLayer', encoder_layer, creation);
    return construct(op, { encoder_layer: layer, ...plain }) as Module;
  }
  if (decoder_layer !== undefined) {
    const layer = buildModule('torch.nn.TransformerDecoderLayer', decoder_layer, creation);
    return construct(op, { decoder_layer: layer, ...plain }) as Module;
  }
  return construct(op, { ...plain, ...creation }) as Module;
}

/** A name of PyTorch's `state_dict` as the module has it. */
export function nameIn(module: Module, name: string): string {
  return name in module.stateDict() ? name : name.split('.').map(camelCase).join('.');
}

export const executeModule: Executor = (reference, wrap) => {
  const { op, attrs, params = [], training, forward_calls: calls = 1 } = reference;
  const module = buildModule(op, attrs, { dtype: 'float64' }).train(training);
  const state = Object.fromEntries(params.map((record) => [nameIn(module, record.name), toTensor(record)]));
  const inputs = leavesOf(reference);
  const names = reference.outputs.map(({ name }) => name).filter((name) => !name.startsWith('buffer.'));
  const run = wrap(() => {
    for (const leaf of [...module.parameters(), ...Object.values(inputs)])
      if (leaf instanceof Parameter) leaf.grad = null;
    let outputs: NamedTensors = {};
    for (let call = 0; call < calls; call++) outputs = named(names, forward(reference, module, inputs));
    seed(reference, outputs)?.backward();
    return Object.fromEntries(Object.entries(outputs).map(([name, x]) => [name, detach(x)]));
  });
  let outputs: NamedTensors = {};
  // Once more, for a program that the first run made.
  for (let time = 0; time < 2; time++) {
    module.loadStateDict(state);
    outputs = run();
  }
  const parameters: Record<string, Tensor> = Object.fromEntries(module.namedParameters());
  const buffers = Object.fromEntries(module.namedBuffers());
  const leaves: Record<string, Tensor> = { ...inputs };
  const kept: Record<string, Tensor | undefined> = {};
  for (const { name } of params) {
    const own = nameIn(module, name);
    const parameter = parameters[own];
    if (parameter !== undefined) leaves[`param.${name}`] = parameter;
    else kept[`buffer.${name}`] = buffers[own]?.value;
  }
  return { ...outputs, ...kept, ...prefixed('grads.', gradientsOf(leaves)) };
};

/** The inputs; those that gradients are wanted of as parameters. */
function leavesOf({ inputs }: ReferenceCase): NamedTensors {
  return Object.fromEntries(
    inputs.map((record) => [record.name, record.requires_grad ? new Parameter(toTensor(record)) : toTensor(record)]),
  );
}

function forward({ op, aliases = {}, call_attrs = {} }: ReferenceCase, module: Module, inputs: NamedTensors): Tensor[] {
  const same = Object.fromEntries(Object.entries(aliases).map(([name, input]) => [name, inputs[input] as Tensor]));
  const [first, ...rest] = Object.entries(gatherLists(inputs));
  const args = { ...Object.fromEntries(first ? [first] : []), ...same, ...Object.fromEntries(rest), ...call_attrs };
  return tensorsIn(module.forward(...arrange(`${op}.forward`, args)));
}

/** Σ ⟨output, upstream⟩; undefined where nothing needs a gradient. */
function seed({ upstream = {} }: ReferenceCase, outputs: NamedTensors): Tensor | undefined {
  return Object.entries(upstream)
    .map(([name, record]) => (outputs[name] as Tensor).mul(toTensor(record)).sum())
    .reduce((sum: Tensor | undefined, term) => (sum === undefined ? term : sum.add(term)), undefined);
}
