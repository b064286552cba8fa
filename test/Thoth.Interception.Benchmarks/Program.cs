using BenchmarkDotNet.Running;
using Thoth.Interception.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(GovernedCallBenchmarks).Assembly).Run(args);
