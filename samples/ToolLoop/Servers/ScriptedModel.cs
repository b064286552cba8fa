using System.Text.Json.Nodes;

namespace ToolLoops.Servers;

/// <summary>
/// Plays the model: it calls tools as the user requests, and what it says depends on the results that it reads. It remembers nothing;
/// each response follows from the conversation in the request.
/// </summary>
internal static class ScriptedModel
{
    /// <summary>Makes the next message of the model.</summary>
    /// <param name="messages">The conversation.</param>
    public static ModelMessage Continue(IReadOnlyList<ModelMessage> messages)
    {
        var request = Enumerable.Range(0, messages.Count).Last(i => messages[i].Role == ModelRole.User);
        var said = messages[request].Text;
        var results = messages.Skip(request).Where(message => message.Role == ModelRole.Tool).Select(message => message.Text).ToList();
        return (said, results.Count) switch
        {
            (Requests.Export, 0) => Call(
                ("find_order", new() { ["order"] = "A-1002" }), ("export_customers", new() { ["columns"] = new JsonArray("name", "city", "phone") })),
            (Requests.Export, 2) => Call(("delete_customer", new() { ["customer"] = "C-7" })),
            (Requests.Export, _) => Say($"{Report(results[0])} {Report(results[1])} {Report(results[2])}"),
            (Requests.Refunds, 0) => Call(
                ("build_report", new() { ["quarter"] = "2026-Q1" }),
                ("refund", new() { ["order"] = "A-1002", ["amount"] = 250 }),
                ("refund", new() { ["order"] = "A-1003", ["amount"] = 900 })),
            (Requests.Refunds, _) => Say($"{Report(results[0])} A-1002: {Report(results[1])} A-1003: {Report(results[2])}"),
            (Requests.News, _) => Say(News(messages.Take(request).Reverse().TakeWhile(message => message.Role == ModelRole.User).Reverse())),
            _ => Say("I play only the conversation of this sample."),
        };
    }

    /// <summary>Says what a result means, as a model would: what a refusal says is told, not retried.</summary>
    private static string Report(string result) => result switch
    {
        _ when result.StartsWith("Not run yet:", StringComparison.Ordinal) => "That waits for a person's approval.",
        _ when result.Contains("did not approve", StringComparison.Ordinal) => $"That was not approved.{Reason(result)} How shall I go on?",
        _ when result.Contains("is deferred", StringComparison.Ordinal) => "That cannot be done now; ask me again later.",
        _ when result.StartsWith("Not run:", StringComparison.Ordinal) => $"I may not do that.{Reason(result)} I do not try it in another way.",
        _ => result,
    };

    /// <summary>Says what became of the held calls: the loop told it in messages before the request.</summary>
    private static string News(IEnumerable<ModelMessage> outcomes) =>
        string.Join(' ', outcomes.Zip(["A-1002", "A-1003"], (outcome, order) => $"{order}: {Report(ResultIn(outcome.Text))}"));

    private static string ResultIn(string outcome) => outcome[(outcome.IndexOf(": ", StringComparison.Ordinal) + 2)..];

    private static string Reason(string result)
    {
        var start = result.IndexOf(" Reason: ", StringComparison.Ordinal);
        var end = start < 0 ? -1 : result.IndexOf('.', start);
        return end < 0 ? "" : result[start..(end + 1)];
    }

    private static ModelMessage Say(string text) => new(ModelRole.Model, text);

    private static ModelMessage Call(params (string Tool, JsonObject Arguments)[] calls) =>
        new(ModelRole.Model, "") { Calls = [.. calls.Select(call => new ScriptedCall(call.Tool, call.Arguments))] };
}
