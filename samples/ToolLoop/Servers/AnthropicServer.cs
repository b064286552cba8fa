using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ToolLoops.Servers;

/// <summary>
/// Plays <c>POST /v1/messages</c> of Anthropic, without streaming. It refuses, as the provider does, a conversation in which a
/// <c>tool_use</c> block has no <c>tool_result</c> block in the next message.
/// </summary>
internal static class AnthropicServer
{
    public static Task<ScriptedServer> StartAsync() => ScriptedServer.StartAsync("/v1/messages", Respond, Describe);

    private static JsonObject Respond(IHeaderDictionary headers, JsonElement body)
    {
        // The official client sends the key as a bearer token; curl examples send x-api-key.
        if (headers["x-api-key"].Count == 0 && headers.Authorization.Count == 0)
        {
            throw new RequestException("x-api-key header is required", StatusCodes.Status401Unauthorized, "authentication_error");
        }

        if (headers["anthropic-version"].Count == 0)
        {
            throw new RequestException("anthropic-version: header is required");
        }

        foreach (var name in (string[])["model", "max_tokens", "messages"])
        {
            _ = body.TryGetProperty(name, out _) ? true : throw new RequestException($"{name}: Field required");
        }

        HashSet<string?> tools = body.TryGetProperty("tools", out var declared)
            ? [.. declared.EnumerateArray().Select(tool => tool.GetProperty("name").GetString())]
            : [];
        var (messages, calls) = Read(body.GetProperty("messages"));
        var next = ScriptedModel.Continue(messages);
        foreach (var call in next.Calls.Where(call => !tools.Contains(call.Tool)))
        {
            throw new RequestException($"tools: the script of this server calls the tool '{call.Tool}', which is not declared");
        }

        JsonArray content = next.Calls.Count == 0
            ? [new JsonObject { ["type"] = "text", ["text"] = next.Text }]
            : [.. next.Calls.Select((call, i) => (JsonNode)new JsonObject
            {
                ["type"] = "tool_use",
                ["id"] = string.Create(CultureInfo.InvariantCulture, $"toolu_{calls + i + 1}"),
                ["name"] = call.Tool,
                ["input"] = call.Arguments,
            })];
        return new JsonObject
        {
            ["id"] = "msg_scripted",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = body.GetProperty("model").GetString(),
            ["content"] = content,
            ["stop_reason"] = next.Calls.Count == 0 ? "end_turn" : "tool_use",
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject { ["input_tokens"] = 0, ["output_tokens"] = 0 },
        };
    }

    private static JsonObject Describe(RequestException e) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = e.Type, ["message"] = e.Message },
        ["request_id"] = "req_scripted",
    };

    /// <summary>Reads the conversation and checks that each call has its result in the next message.</summary>
    private static (IReadOnlyList<ModelMessage> Messages, int Calls) Read(JsonElement messages)
    {
        List<ModelMessage> read = [];
        List<string> open = [];
        var calls = 0;
        foreach (var (index, message) in messages.EnumerateArray().Index())
        {
            var previous = open.ToList();
            var isModel = message.GetProperty("role").GetString() == "assistant";
            var blocks = Blocks(message);

            // Results come first in the message; those that stand after a text do not count.
            foreach (var block in isModel ? [] : blocks.TakeWhile(IsResult))
            {
                open.Remove(block.GetProperty("tool_use_id").GetString()!);
            }

            RefuseOpenCalls(open, index - 1);
            foreach (var (position, block) in blocks.Index())
            {
                if (IsResult(block) && block.GetProperty("tool_use_id").GetString() is var id && !previous.Remove(id!))
                {
                    throw new RequestException(
                        $"messages.{index}.content.{position}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. "
                        + "Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
                }

                if (block.GetProperty("type").GetString() == "tool_use")
                {
                    calls++;
                    open.Add(block.GetProperty("id").GetString()!);
                }

                read.Add(new ModelMessage(isModel ? ModelRole.Model : IsResult(block) ? ModelRole.Tool : ModelRole.User, Text(block)));
            }
        }

        RefuseOpenCalls(open, messages.GetArrayLength() - 1);
        return read.Count > 0 ? (read, calls) : throw new RequestException("messages: at least one message is required");
    }

    private static void RefuseOpenCalls(List<string> open, int index)
    {
        if (open.Count > 0)
        {
            throw new RequestException(
                $"messages.{index}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", open)}. "
                + "Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
        }
    }

    private static bool IsResult(JsonElement block) => block.GetProperty("type").GetString() == "tool_result";

    /// <summary>Gets the blocks of a message or of a result; a string is one text block.</summary>
    private static IReadOnlyList<JsonElement> Blocks(JsonElement message) => !message.TryGetProperty("content", out var content) ? []
        : content.ValueKind == JsonValueKind.Array ? [.. content.EnumerateArray()]
        : [JsonSerializer.SerializeToElement(new { type = "text", text = content.GetString() })];

    private static string Text(JsonElement block) => IsResult(block)
        ? string.Concat(Blocks(block).Select(Text))
        : block.TryGetProperty("text", out var text) ? text.GetString()! : "";
}
