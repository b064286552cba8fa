using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ToolLoops.Servers;

/// <summary>
/// Plays <c>POST /v1/chat/completions</c> of OpenAI, without streaming. It refuses, as the provider does, a conversation in which a tool
/// call is not followed by its result.
/// </summary>
internal static class OpenAiServer
{
    public static Task<ScriptedServer> StartAsync() => ScriptedServer.StartAsync("/v1/chat/completions", Respond, Describe);

    private static JsonObject Respond(IHeaderDictionary headers, JsonElement body)
    {
        if (!headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal))
        {
            throw new RequestException("You didn't provide an API key.", StatusCodes.Status401Unauthorized);
        }

        var model = body.TryGetProperty("model", out var name) ? name.GetString() : throw new RequestException("you must provide a model parameter");
        var tools = ToolNames(body);
        var (messages, calls) = Read(body);
        var next = ScriptedModel.Continue(messages);
        foreach (var call in next.Calls.Where(call => !tools.Contains(call.Tool)))
        {
            throw new RequestException($"The script of this server calls the tool '{call.Tool}', which is not in 'tools'.", param: "tools");
        }

        var message = new JsonObject { ["role"] = "assistant", ["content"] = next.Calls.Count == 0 ? next.Text : null, ["refusal"] = null };
        if (next.Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. next.Calls.Select((call, i) => (JsonNode)new JsonObject
            {
                ["id"] = string.Create(CultureInfo.InvariantCulture, $"call_{calls + i + 1}"),
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Tool, ["arguments"] = call.Arguments.ToJsonString() },
            })]);
        }

        return new JsonObject
        {
            ["id"] = "chatcmpl-scripted",
            ["object"] = "chat.completion",
            ["created"] = 1_767_225_600,
            ["model"] = model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = message,
                ["logprobs"] = null,
                ["finish_reason"] = next.Calls.Count == 0 ? "stop" : "tool_calls",
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 0, ["completion_tokens"] = 0, ["total_tokens"] = 0 },
        };
    }

    private static JsonObject Describe(RequestException e) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = e.Message,
            ["type"] = e.Type,
            ["param"] = e.Param,
            ["code"] = e.Status == StatusCodes.Status401Unauthorized ? "invalid_api_key" : null,
        },
    };

    private static HashSet<string?> ToolNames(JsonElement body) => body.TryGetProperty("tools", out var tools)
        ? [.. tools.EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString())]
        : [];

    /// <summary>Reads the conversation and checks that each call has its result.</summary>
    private static (IReadOnlyList<ModelMessage> Messages, int Calls) Read(JsonElement body)
    {
        if (!body.TryGetProperty("messages", out var messages) || messages.GetArrayLength() == 0)
        {
            throw new RequestException(
                "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", param: "messages");
        }

        List<ModelMessage> read = [];
        List<string> open = [];
        var (hasCalls, calls) = (false, 0);
        foreach (var (index, message) in messages.EnumerateArray().Index())
        {
            var role = message.GetProperty("role").GetString();
            if (role == "tool")
            {
                var id = message.GetProperty("tool_call_id").GetString()!;
                if (!hasCalls)
                {
                    throw new RequestException(
                        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
                        param: $"messages.[{index}].role");
                }

                if (!open.Remove(id))
                {
                    throw new RequestException(
                        $"Invalid parameter: 'tool_call_id' of '{id}' not found in 'tool_calls' of previous message.",
                        param: $"messages.[{index}].tool_call_id");
                }

                read.Add(new ModelMessage(ModelRole.Tool, Text(message)));
                continue;
            }

            RefuseOpenCalls(open, index);
            var called = message.TryGetProperty("tool_calls", out var list)
                ? list.EnumerateArray().Select(call => call.GetProperty("id").GetString()!).ToList()
                : [];
            (hasCalls, calls) = (called.Count > 0, calls + called.Count);
            open.AddRange(called);
            read.Add(new ModelMessage(role switch { "user" => ModelRole.User, "assistant" => ModelRole.Model, _ => ModelRole.System }, Text(message)));
        }

        RefuseOpenCalls(open, messages.GetArrayLength());
        return (read, calls);
    }

    private static void RefuseOpenCalls(List<string> open, int index)
    {
        if (open.Count > 0)
        {
            throw new RequestException(
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
                + $"The following tool_call_ids did not have response messages: {string.Join(", ", open)}",
                param: $"messages.[{index}].role");
        }
    }

    /// <summary>Gets the content, which is a string or an array of parts.</summary>
    private static string Text(JsonElement message) => !message.TryGetProperty("content", out var content) ? "" : content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetString() : "")),
        _ => "",
    };
}
