using Thoth.Conformance;

return await ConformanceProgram.RunAsync(args, Console.Out, Console.Error);
