using Thoth.Interception.Sqlite;

namespace Evidence;

/// <summary>Verifies an outbox and prints the result.</summary>
internal static class VerifyCommand
{
    public static int Run(string path)
    {
        OutboxVerification result;
        try
        {
            result = OutboxVerifier.Verify(path);
        }
        catch (OutboxException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }

        if (result.FirstBroken is { } broken)
        {
            Console.WriteLine($"BROKEN at record {broken.Sequence}: {broken.Problem}{(broken.EventId is null ? "" : $", event {broken.EventId}")}.");
            Console.WriteLine($"{result.Count} records before it are intact.");
            return 1;
        }

        Console.WriteLine($"Intact: {result.Count} records, {result.Deleted} before them deleted.");
        Console.WriteLine($"Head: record {result.HeadSequence}, SHA-256 {result.HeadHash}");
        return 0;
    }
}
