/// The library: everything that decides about a model, in one import.
@_exported public import DataTables
@_exported public import EvaluationMetrics
@_exported public import InputReading
@_exported public import ModelArtifacts
@_exported public import PredictiveModels
@_exported public import Reports
@_exported public import TableFiles
@_exported public import TrainingRecords
@_exported public import Verification
