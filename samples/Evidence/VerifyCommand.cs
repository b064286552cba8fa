using Thoth.Interception.Sqlite;

namespace Evidence;

/// <summary>Checks an outbox and says what it found.</summary>
internal static class VerifyCommand
{
    public static int Run(string path)
    {
        OutboxVerification found;
        try
        {
            found = OutboxVerifier.Verify(path);
        }
        catch (OutboxException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }

        if (found.FirstBroken is { } broken)
        {
            Console.WriteLine($"BROKEN at record {broken.Sequence}: {broken.Problem}{(broken.EventId is null ? "" : $", event {broken.EventId}")}.");
            Console.WriteLine($"{found.Count} records before it are intact.");
            return 1;
        }

        Console.WriteLine($"Intact: {found.Count} records, {found.Deleted} before them deleted.");
        Console.WriteLine($"Head: record {found.HeadSequence}, SHA-256 {found.HeadHash}");
        return 0;
    }
}
