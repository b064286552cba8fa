using Evidence;

// verify <file>     checks the hash chain of an outbox: 0 intact, 1 broken, 2 unreadable
// measure [seconds] measures governed calls per second without an outbox and with each durability
// (nothing)         makes governed calls with an outbox, verifies it, and shows that a change in a copy is found
switch (args)
{
    case ["verify", var path]:
        return VerifyCommand.Run(path);
    case ["measure"]:
        return await Measurement.RunAsync(TimeSpan.FromSeconds(3));
    case ["measure", var seconds] when double.TryParse(seconds, out var duration) && duration > 0:
        return await Measurement.RunAsync(TimeSpan.FromSeconds(duration));
    case []:
        return await Demo.RunAsync();
    default:
        Console.Error.WriteLine("usage: Evidence [verify <file> | measure [<seconds>]]");
        return 2;
}
