export { diagnoseTraining, TrainingDiagnosis, type TrainingEvidence } from './diagnose-training.ts';
export type { Finding, Symptom } from './finding.ts';
