namespace ToolLoops;

/// <summary>The requests of the user, one for each turn.</summary>
internal static class Requests
{
    public const string Export =
        "What is order A-1002? Export our customers with name, city and phone. Then delete customer C-7.";

    public const string Refunds =
        "Build the report of 2026-Q1, and refund orders A-1002 (250) and A-1003 (900): both arrived broken.";

    public const string News = "Is there news of the refunds?";
}
