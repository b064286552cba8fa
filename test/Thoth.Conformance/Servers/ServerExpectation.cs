using System.Text.Json;

namespace Thoth.Conformance.Servers;

/// <summary>What a case expects of a response.</summary>
/// <param name="Status">The name of the group of statuses that are right.</param>
/// <param name="Form">The name of a form, or <see langword="null"/>.</param>
/// <param name="Fields">Values or kinds by their paths.</param>
/// <param name="Echo">Values that must be these if they are there.</param>
/// <param name="Verdict">The decision that every SDK reads; <c>any</c> for each of them.</param>
/// <param name="Poll">What a client understands of a poll: <c>pending</c>, <c>approved</c> or a decision.</param>
internal sealed record ServerExpectation(string Status, string? Form, JsonElement? Fields, JsonElement? Echo, string? Verdict, string? Poll)
{
    private const string Any = "any";
    private const string Approved = "approved";

    /// <summary>
    /// Statuses that do not refuse a request for what it says: those about the key and the path, and those after which a client retries
    /// or, under fail-open, runs the tool.
    /// </summary>
    private static readonly int[] s_otherRefusals = [401, 403, 404, 405, 408, 425, 429];

    public static ServerExpectation Read(StrictJson json) => new(
        json.Text("status") ?? throw new ConformanceException("A step expects no status."),
        json.Text("form"), json.Take("fields"), json.Take("echo"), json.Text("verdict"), json.Text("poll"));

    /// <summary>Whether the case may poll again after this response, since the hold has yet to be resolved.</summary>
    public bool Awaits(ServerReply reply) =>
        Poll is not (null or HoldReading.Pending) && reply.Status is 200 or 202 && HoldReading.Of(reply).Reading == HoldReading.Pending;

    /// <summary>Compares.</summary>
    /// <returns>What differs.</returns>
    public IEnumerable<string> Check(ServerReply reply, CaseValues values, ServerCaseFile file)
    {
        if (!IsRight(reply.Status))
        {
            return [$"status: expected {Described()}, was {reply.Status}"];
        }

        var mismatches = new List<string>();
        if (Poll is not null)
        {
            mismatches.AddRange(CheckPoll(reply));
        }

        if (Form is null && Fields is null && Echo is null && Verdict is null)
        {
            return mismatches;
        }

        if (reply.Json is not { } body)
        {
            return [reply.JsonProblem!];
        }

        if (Verdict is not null)
        {
            mismatches.AddRange(CheckVerdict(body));
        }

        foreach (var field in Members(Form is null ? null : file.Form(Form)).Concat(Members(Fields)))
        {
            mismatches.AddRange(CheckField(field, body, values));
        }

        foreach (var field in Members(Echo))
        {
            if (JsonMatch.At(body, field.Name) is { ValueKind: not JsonValueKind.Null } actual && actual.ToString().Length > 0)
            {
                mismatches.AddRange(CheckField(field, body, values));
            }
        }

        return mismatches;
    }

    private IEnumerable<string> CheckVerdict(JsonElement body)
    {
        var (verdict, problem) = Verdicts.Read(body);
        return problem is not null ? [problem]
            : verdict is null ? ["decision: expected a decision, was missing"]
            : Verdict == Any || Verdict == verdict ? []
            : [$"decision: expected {Verdict}, was {verdict}"];
    }

    private IEnumerable<string> CheckPoll(ServerReply reply)
    {
        var (reading, problem) = HoldReading.Of(reply);
        if (problem is not null)
        {
            return [problem];
        }

        var isRight = Poll == Approved
            ? reading == "ALLOW" || (reading == "MODIFY" && FieldKinds.Matches("<members>", JsonMatch.At(reply.Json!.Value, "modified_tool_args")))
            : reading == Poll;
        return isRight ? [] : [$"poll: expected {(Poll == Approved ? "ALLOW, or MODIFY with modified_tool_args" : Poll)}, was {reading}"];
    }

    private static IEnumerable<string> CheckField(JsonProperty field, JsonElement body, CaseValues values)
    {
        var actual = JsonMatch.At(body, field.Name);
        if (FieldKinds.IsKind(field.Value))
        {
            var kind = field.Value.GetString()!;

            // The kind is enough: a value may be a token.
            return FieldKinds.Matches(kind, actual) ? [] : [$"{field.Name}: expected {kind}, was {(actual is { } value ? KindOf(value) : "missing")}"];
        }

        return values.IsMissing(field.Value) ? [] : Differences(field, actual, values);
    }

    private static IEnumerable<string> Differences(JsonProperty field, JsonElement? actual, CaseValues values)
    {
        var differences = JsonMatch.Equal(JsonMatch.ToJson(values.Fill(field.Value)), actual, field.Name);

        // A token is not written to a table that people pass on.
        return field.Name == "token" && differences.Any() ? ["token: expected the token of the request, was another value"] : differences;
    }

    private static IEnumerable<JsonProperty> Members(JsonElement? json) => json?.EnumerateObject() ?? Enumerable.Empty<JsonProperty>();

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => string.IsNullOrWhiteSpace(value.GetString()) ? "a blank text" : "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "an array",
        _ => value.EnumerateObject().Any() ? "an object" : "an empty object",
    };

    private bool IsRight(int status) => Status switch
    {
        "success" => status is >= 200 and < 300,
        "poll" => status is 200 or 202,
        "refused" => status is >= 400 and < 500 && !s_otherRefusals.Contains(status),
        "denied" => status is 401 or 403,
        "unknown" => status is 404 or 410,
        _ => throw new ConformanceException($"The runner does not know the status '{Status}'."),
    };

    private string Described() => Status switch
    {
        "success" => "2xx",
        "poll" => "200 or 202",
        "refused" => $"4xx other than {string.Join(", ", s_otherRefusals)}",
        "denied" => "401 or 403",
        _ => "404 or 410",
    };
}
