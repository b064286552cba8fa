namespace Thoth.Interception.Tests.Faults;

/// <summary>Every status that is no success (contract §1.2.5), with a body that says ALLOW, which nobody may read.</summary>
internal static class StatusFaults
{
    /// <summary>Where redirects lead; it says ALLOW to everybody.</summary>
    public static FaultServer SecondOrigin { get; } = new() { OnHold = FaultAnswer.Json("""{"resolved":true,"resolution":"ALLOW"}""") };

    public static IEnumerable<Fault> All =>
    [
        new("202 and other successes", FaultOutcome.Runs) { Answers = [.. ((int[])[201, 202, 203, 206, 226, 299]).Select(s => FaultAnswer.Http(s, """{"decision":"ALLOW"}"""))] },
        Refused("300 to 399", Enumerable.Range(300, 100)),
        Refused("400 to 499", Enumerable.Range(400, 100).Except([401, 403, 429])),
        Refused("401 and 403", [401, 403]),
        Refused("401 and 403 in HTML", [401, 403], "<html>blocked</html>"),
        Outage("429", [429]),
        Outage("500 to 599", Enumerable.Range(500, 100)),

        // No class of HTTP: nothing that fail-open was meant for.
        Refused("101 and 600 to 999", [101, 600, 601, 700, 999]),
        new("redirect to a second origin that answers ALLOW", FaultOutcome.Refused)
        {
            Answers =
            [
                .. from status in (int[])[300, 301, 302, 303, 305, 307, 308]
                   select FaultAnswer.Http(status, """{"decision":"ALLOW"}""", $"Location: {SecondOrigin.Url}/v1/enforce"),
                FaultAnswer.Http(307, "", "Location: /v1/enforce"),
                FaultAnswer.Http(302, "", "Location: //nobody.invalid/"),
                FaultAnswer.Http(200, "<meta http-equiv=refresh>", $"Location: {SecondOrigin.Url}/", $"Refresh: 0; url={SecondOrigin.Url}/"),
            ],
            Codes = [SdkReasonCodes.EnforcerHttpError, SdkReasonCodes.EnforcerInvalidResponse],
            Afterwards = () => Assert.That(SecondOrigin.Enforces + SecondOrigin.Holds, Is.Zero),
        },
    ];

    private static Fault Refused(string name, IEnumerable<int> statuses, string body = """{"decision":"ALLOW"}""") => new(name, FaultOutcome.Refused)
    {
        Answers = [.. statuses.Select(s => FaultAnswer.Http(s, body))],
        Codes = [SdkReasonCodes.EnforcerHttpError],
    };

    private static Fault Outage(string name, IEnumerable<int> statuses) => new(name, FaultOutcome.Outage)
    {
        Answers = [.. statuses.Select(s => FaultAnswer.Http(s, """{"decision":"ALLOW"}""", "Content-Type: application/json", "Retry-After: 0"))],
        Codes = [SdkReasonCodes.EnforcerHttpError],
    };
}
