using System.Text.Encodings.Web;
using System.Text.Json;
using AgentChat.Conversations;
using Microsoft.Extensions.AI;

namespace AgentChat.Web;

/// <summary>Renders a call of the transcript: one line, and in its fold the arguments, the decision and what the model read.</summary>
internal static class CallView
{
    private const int ShortLength = 90;

    /// <summary>Only for show: the page encodes the text as HTML.</summary>
    private static readonly JsonSerializerOptions s_json = new(AIJsonUtilities.DefaultOptions) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    private static readonly JsonSerializerOptions s_line = new(s_json) { WriteIndented = false };

    public static Html Show(Entry.Call call)
    {
        var (text, color) = VerdictOf(call);
        var line = JsonSerializer.Serialize(call.Content.Arguments, s_line);
        return Html.Of(
            $"""
            <details class="call {color}" data-key="{call.Content.CallId}">
              <summary>
                <span class="mark {color}">{text}</span> <span class="tool">{call.Content.Name}</span>
                <span class="short">{(line.Length > ShortLength ? line[..ShortLength] + "…" : line)}</span>
              </summary>
              <div class="inside">
                <h3>{(call.Decided?.ChangedArguments is null ? "Arguments" : "The model asked for")}</h3>
                <pre>{JsonSerializer.Serialize(call.Content.Arguments, s_json)}</pre>
                {Changed(call)}
                <dl>{Facts(call)}</dl>
                {Read(call)}
              </div>
            </details>
            """);
    }

    /// <summary>Shows a call that waits, with its whole arguments.</summary>
    public static Html Arguments(FunctionCallContent call) => Html.Of($"<pre>{JsonSerializer.Serialize(call.Arguments, s_json)}</pre>");

    private static (string Text, string Color) VerdictOf(Entry.Call call) => call switch
    {
        { Open: not null } => ("Waits", "step_up"),
        { Decided: { } decided } => decided.Verdict,
        { Read: null } => ("Deciding", "defer"),
        _ => ("No such tool", "block"),
    };

    private static Html Changed(Entry.Call call) => call.Decided?.ChangedArguments is { } changed
        ? Html.Of($"<h3>Policy let it run with</h3><pre>{JsonSerializer.Serialize(JsonElement.Parse(changed), s_json)}</pre>")
        : Html.Nothing;

    private static IEnumerable<Html> Facts(Entry.Call call)
    {
        var decided = call.Decided;
        return new (string Name, string? Value)[] { ("Rule", decided?.Rules), ("Reason", decided?.Reason), ("Approver", decided?.Approver) }
            .Where(static fact => !string.IsNullOrEmpty(fact.Value))
            .Select(static fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"));
    }

    private static Html Read(Entry.Call call) => call.Read is null
        ? Html.Nothing
        : Html.Of($"<h3>The model read</h3><pre class=\"read\">{call.Read}</pre>");
}
