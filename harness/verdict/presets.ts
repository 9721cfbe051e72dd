// Where contracts are judged their presets are at hand too; they live in the model, for scenarios name them.
export { contracts } from '../model/contract-presets.ts';
