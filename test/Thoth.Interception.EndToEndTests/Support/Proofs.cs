namespace Thoth.Interception.EndToEndTests.Support;

/// <summary>How long the proofs run: shortened, or with <c>THOTH_FULL_PROOFS=1</c> in full length.</summary>
internal static class Proofs
{
    public static bool AreFull { get; } = Environment.GetEnvironmentVariable("THOTH_FULL_PROOFS") == "1";
}
