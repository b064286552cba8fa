using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Tests.Faults;

/// <summary>
/// Any JSON document as a response, over HTTP and under fail-open: a verdict that the contract names, or a block; nothing but
/// typed exceptions, and no run that the document does not stand for.
/// </summary>
public class FaultResponseProperties
{
    private const string Pending = "pending";

    private static readonly string[] s_stricter = ["ALLOW", "MODIFY", "STEP_UP", "DEFER", "BLOCK"];

    [FsCheck.NUnit.Property(MaxTest = 400)]
    public Property AnyDocument_AsAResponse_DecidesOrBlocks() => Prop.ForAll(Arb.From(FaultJson.Response), document =>
        Check(document, FaultResponse.Json(document), null, verdict: Verdict(document) ?? "BLOCK"));

    [FsCheck.NUnit.Property(MaxTest = 400)]
    public Property AnyDocument_AsAHold_DecidesOrStaysHeldOrBlocks() => Prop.ForAll(Arb.From(FaultJson.Hold), document =>
        Check(
            document, FaultResponse.Json("""{"decision":"STEP_UP","hold_token":"t"}"""),

            // The second poll ends what the first left pending, so that no test waits.
            FaultResponse.InTurn(FaultResponse.Json(document), FaultResponse.Http(410, "")), Resolution(document)));

    private static void Check(string document, FaultResponse response, FaultResponse? hold, string verdict)
    {
        var fault = new Fault("any document", FaultOutcome.Runs) { Hold = hold };
        var result = SynchronousWait.For(
            static async ValueTask<FaultResult> (state) =>
            {
                await using var host = new FaultHost(state.Fault, EnforcementMode.Block, failOpen: true);
                host.Server.OnEnforce = state.Response;
                return await host.CallAsync("task_of_text");
            },
            (Fault: fault, Response: response));

        var seen = (result.Runs, result.Exception) switch
        {
            (["original"], null) => "ALLOW",
            (["safe"], null) => "MODIFY",
            ([], PolicyDeferredException) => "DEFER",
            ([], EnforcerUnavailableException) => "outage",
            ([], PolicyViolationException { SdkReasonCode: SdkReasonCodes.StepUpPollRejected }) => Pending,
            ([], PolicyViolationException) => "BLOCK",
            _ => $"{result.Runs.Count} runs, {result.Exception}",
        };
        Assert.That(seen, Is.EqualTo(verdict), document);
    }

    /// <summary>Contract §1.2.3, §1.2.4, §1.2.6, §3.1 and §4, said once more. No verdict at all is <see langword="null"/>.</summary>
    private static string? Verdict(string document)
    {
        if (Members(document) is not { } members)
        {
            return null;
        }

        var words = Words(members);
        return words.Count == 0 ? null : Checked(members, words.Contains(null) ? "BLOCK" : Strictest(words));
    }

    /// <summary>Contract §3.3.</summary>
    private static string Resolution(string document)
    {
        if (Members(document) is not { } members)
        {
            return Pending;
        }

        if (!members.TryGetValue("resolved", out var resolved))
        {
            var words = Words(members);
            return words.Count == 0 || (!words.Contains(null) && Strictest(words) == "STEP_UP") ? Pending : Verdict(document)!;
        }

        return resolved.ValueKind != JsonValueKind.True ? Pending
            : members.TryGetValue("resolution", out var word) && Text(word) is { } text && Word(text) is { } type && type != "STEP_UP"
                ? Checked(members, type)
            : "BLOCK";
    }

    private static string Checked(Dictionary<string, JsonElement> members, string verdict) =>
        Id(members, "action_attestation_id", "actionAttestationId") || Id(members, "enforcement_trace_id", "enforcementTraceId") ? "BLOCK"
        : verdict == "MODIFY" && !IsUsable(members) ? "BLOCK"
        : verdict == "STEP_UP" ? "BLOCK" // No generated response has a hold token for a poll.
        : verdict;

    /// <summary>What the verdict's fields say; <see langword="null"/> for a value that is not a verdict.</summary>
    private static List<string?> Words(Dictionary<string, JsonElement> members) =>
    [
        .. new[] { Said(members, "decision"), Said(members, "authorization_decision") ?? Said(members, "authorizationDecision") }
            .OfType<JsonElement>().Select(word => Text(word) is { } text ? Word(text) : null),
    ];

    private static string Strictest(List<string?> words) => words.MaxBy(word => Array.IndexOf(s_stricter, word))!;

    private static bool IsUsable(Dictionary<string, JsonElement> members) =>
        (members.TryGetValue("modified_tool_args", out var arguments) ? arguments : default) is { ValueKind: JsonValueKind.Object } given
        && given.GetRawText() == FaultJson.Usable;

    /// <summary>An id that is not empty differs from the request's.</summary>
    private static bool Id(Dictionary<string, JsonElement> members, string snake, string camel) =>
        ((IEnumerable<string>)[snake, camel]).Any(name => members.TryGetValue(name, out var id) && Text(id) is { Length: > 0 });

    private static JsonElement? Said(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null
            && !(Text(value) is { } text && string.IsNullOrWhiteSpace(text)) ? value : null;

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }

    private static string? Word(string word) => word.Trim().ToUpperInvariant() switch
    {
        "ALLOW" => "ALLOW",
        "BLOCK" or "DENY" => "BLOCK",
        "STEP_UP" or "CHALLENGE" or "ESCALATE" or "REVIEW" => "STEP_UP",
        "MODIFY" or "MODIFIED" or "TRANSFORM" => "MODIFY",
        "DEFER" or "DEFERRED" or "HOLD" => "DEFER",
        _ => null,
    };

    private static Dictionary<string, JsonElement>? Members(string document)
    {
        var root = JsonDocument.Parse(document).RootElement;
        return root.ValueKind == JsonValueKind.Object && !FaultJson.HasDuplicates(root)
            ? root.EnumerateObject().ToDictionary(member => member.Name, member => member.Value)
            : null;
    }
}
