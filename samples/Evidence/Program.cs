using Evidence;

// verify <file>     checks the hash chain of an outbox: 0 intact, 1 broken, 2 unreadable
// measure [seconds] governed calls per second with no outbox and with each durability, from one run
// (nothing)         makes governed calls with an outbox, verifies it, changes a copy and shows that it is found
switch (args)
{
    case ["verify", var path]:
        return VerifyCommand.Run(path);
    case ["measure"]:
        return await Measurement.RunAsync(TimeSpan.FromSeconds(3));
    case ["measure", var seconds] when double.TryParse(seconds, out var each) && each > 0:
        return await Measurement.RunAsync(TimeSpan.FromSeconds(each));
    case []:
        return await Demo.RunAsync();
    default:
        Console.Error.WriteLine("usage: Evidence [verify <file> | measure [<seconds>]]");
        return 2;
}
