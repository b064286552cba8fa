namespace Thoth.Interception.Tests.Faults;

/// <summary>Every status that is not a success (contract §1.2.5), with a body that says ALLOW, which must not be read.</summary>
internal static class StatusFaults
{
    /// <summary>Where redirects lead; it returns ALLOW to every request.</summary>
    public static FaultServer SecondOrigin { get; } = new() { OnHold = FaultResponse.Json("""{"resolved":true,"resolution":"ALLOW"}""") };

    public static IEnumerable<Fault> All =>
    [
        new("202 and other successes", FaultOutcome.Runs) { Responses = [.. ((int[])[201, 202, 203, 206, 226, 299]).Select(s => FaultResponse.Http(s, """{"decision":"ALLOW"}"""))] },
        Refused("300 to 399", Enumerable.Range(300, 100)),
        Refused("400 to 499", Enumerable.Range(400, 100).Except([401, 403, 429])),
        Refused("401 and 403", [401, 403]),
        Refused("401 and 403 in HTML", [401, 403], "<html>blocked</html>"),
        Outage("429", [429]),
        Outage("500 to 599", Enumerable.Range(500, 100)),

        // No class of HTTP: nothing that fail-open was meant for.
        Refused("101 and 600 to 999", [101, 600, 601, 700, 999]),
        new("redirect to a second origin that returns ALLOW", FaultOutcome.Refused)
        {
            Responses =
            [
                .. from status in (int[])[300, 301, 302, 303, 305, 307, 308]
                   select FaultResponse.Http(status, """{"decision":"ALLOW"}""", $"Location: {SecondOrigin.Url}/v1/enforce"),
                FaultResponse.Http(307, "", "Location: /v1/enforce"),
                FaultResponse.Http(302, "", "Location: //nobody.invalid/"),
                FaultResponse.Http(200, "<meta http-equiv=refresh>", $"Location: {SecondOrigin.Url}/", $"Refresh: 0; url={SecondOrigin.Url}/"),
            ],
            Codes = [SdkReasonCodes.EnforcerHttpError, SdkReasonCodes.EnforcerInvalidResponse],
            Afterwards = () => Assert.That(SecondOrigin.Enforces + SecondOrigin.Holds, Is.Zero),
        },
    ];

    private static Fault Refused(string name, IEnumerable<int> statuses, string body = """{"decision":"ALLOW"}""") => new(name, FaultOutcome.Refused)
    {
        Responses = [.. statuses.Select(s => FaultResponse.Http(s, body))],
        Codes = [SdkReasonCodes.EnforcerHttpError],
    };

    private static Fault Outage(string name, IEnumerable<int> statuses) => new(name, FaultOutcome.Outage)
    {
        Responses = [.. statuses.Select(s => FaultResponse.Http(s, """{"decision":"ALLOW"}""", "Content-Type: application/json", "Retry-After: 0"))],
        Codes = [SdkReasonCodes.EnforcerHttpError],
    };
}
