// All that a program which trains needs, by one import. The rooms stay modules of their own, so a
// program that wants less imports less.
@_exported import BatchPolicies
@_exported import Communication
@_exported import ExecutorXLA
@_exported import Executors
@_exported import Experiments
@_exported import HostMachine
@_exported import ImageData
@_exported import NetworkGraph
@_exported import Networks
@_exported import Randomness
@_exported import Reports
@_exported import RunRecords
@_exported import Training

#if OneDNN
@_exported import ExecutorOneDNN
#endif
