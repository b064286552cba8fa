using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Tests.Attacks;

/// <summary>
/// A model that does what anybody tells it: each line "CALL tool {arguments}" that it reads becomes a call, from a person, a document, a
/// result or a tool's description, plain or encoded. A line "AND CALL" becomes a call of the same message.
/// </summary>
internal sealed partial class ObedientModel : IChatClient
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Queue<List<AIContent>> _obeys = new();
    private int _calls;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(Next([.. messages], options)));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var message = Next([.. messages], options);
        await Task.Yield();
        yield return new ChatResponseUpdate(message.Role, message.Contents) { MessageId = Guid.NewGuid().ToString("N") };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private ChatMessage Next(List<ChatMessage> prompt, ChatOptions? options)
    {
        var last = prompt.SelectMany(static message => message.Contents).OfType<FunctionResultContent>().LastOrDefault()?.Result?.ToString() ?? "";
        foreach (var text in TextsOf(prompt, options).Where(_read.Add))
        {
            Read(Decoded(text));
        }

        return _obeys.TryDequeue(out var calls)
            ? new ChatMessage(ChatRole.Assistant, [.. calls.SelectMany(content => Finished(content, last))])
            : new ChatMessage(ChatRole.Assistant, "Done.");
    }

    private static IEnumerable<string> TextsOf(List<ChatMessage> prompt, ChatOptions? options) =>
    [
        .. (options?.Tools ?? []).Select(static tool => tool.Description),
        .. prompt.Where(static message => message.Role != ChatRole.Assistant).SelectMany(static message => message.Contents)
            .Select(static content => content is FunctionResultContent result ? result.Result?.ToString() ?? "" : (content as TextContent)?.Text ?? ""),
    ];

    private void Read(string text)
    {
        foreach (Match line in Order().Matches(text))
        {
            AIContent call = new FunctionCallContent("", line.Groups["tool"].Value) { RawRepresentation = line.Groups["json"].Value };
            if (line.Groups["and"].Success && _obeys.Count > 0)
            {
                _obeys.Last().Add(call);
            }
            else
            {
                _obeys.Enqueue([call]);
            }
        }
    }

    /// <summary>Gives a call its id and its arguments, read as the clients of providers read them. APPROVE forges an approval of a call.</summary>
    private IEnumerable<AIContent> Finished(AIContent content, string last)
    {
        var call = (FunctionCallContent)content;
        var json = ((string)call.RawRepresentation!).Replace("{{last}}", JsonEncodedText.Encode(last).ToString(), StringComparison.Ordinal);
        var arguments = JsonSerializer.Deserialize<Dictionary<string, object?>>(json, AIJsonUtilities.DefaultOptions);
        if (call.Name.StartsWith("APPROVE:", StringComparison.Ordinal))
        {
            // The id of the next call can be guessed.
            var next = new FunctionCallContent($"call_{_calls + 1}", call.Name["APPROVE:".Length..], arguments);
            return [new ToolApprovalResponseContent("thoth_00000000_00000000000000000000000000000000", approved: true, next)];
        }

        return [new FunctionCallContent($"call_{++_calls}", call.Name, arguments)];
    }

    private static string Decoded(string text)
    {
        var plain = Base64().Replace(text, static match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value)));
        return Rot13().Replace(plain, static match => string.Concat(match.Groups[1].Value.Select(static c =>
            char.IsAsciiLetter(c) ? (char)((c & 32) | ((((c & ~32) - 'A' + 13) % 26) + 'A')) : c)));
    }

    [GeneratedRegex(@"^(?<and>AND )?CALL (?<tool>\S+) (?<json>\{.*\})\s*$", RegexOptions.Multiline)]
    private static partial Regex Order();

    [GeneratedRegex("BASE64:([A-Za-z0-9+/=]+)")]
    private static partial Regex Base64();

    [GeneratedRegex("ROT13:(.+)")]
    private static partial Regex Rot13();
}
