using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Chat;

/// <summary>
/// Refuses requests with tools that run elsewhere than in the chat client, unless the options allow them. Tools of hosted MCP servers are
/// made to ask the host, and the host's answer is decided.
/// </summary>
internal sealed class UngovernedTools(ThothChatClientOptions options)
{
    /// <summary>Checks the tools of one request to the model.</summary>
    /// <returns>The options to send: the same, unless a tool must ask.</returns>
    /// <exception cref="InvalidOperationException">A tool is not governed.</exception>
    public ChatOptions? Check(ChatOptions? chat)
    {
        if (chat?.Tools is not { Count: > 0 } tools)
        {
            return chat;
        }

        AITool[]? replaced = null;
        for (var index = 0; index < tools.Count; index++)
        {
            var tool = tools[index];
            if (tool is AIFunction)
            {
                continue;
            }

            var checkedTool = Check(tool);
            if (checkedTool != tool)
            {
                replaced ??= [.. tools];
                replaced[index] = checkedTool;
            }
        }

        if (replaced is null)
        {
            return chat;
        }

        var copy = chat.Clone();
        copy.Tools = [.. replaced];
        return copy;
    }

    /// <summary>Checks tools that the loop knows besides those of a request. It returns calls of such that it cannot invoke to its caller.</summary>
    /// <exception cref="InvalidOperationException">A tool is not governed.</exception>
    public void ThrowIfAny(IList<AITool>? additional)
    {
        for (var index = 0; index < additional?.Count; index++)
        {
            if (additional[index] is not AIFunction)
            {
                Check(additional[index]);
            }
        }
    }

    private AITool Check(AITool tool)
    {
        if (tool is HostedMcpServerTool server)
        {
            return options.IsAllowedUngoverned(server.ServerName) || server.ApprovalMode is HostedMcpServerToolAlwaysRequireApprovalMode
                ? server
                : server.GetType() == typeof(HostedMcpServerTool)
                    ? AskAlways(server)
                    : throw new InvalidOperationException(
                        $"The tools of the MCP server '{server.ServerName}' run at the provider without being decided. Set its ApprovalMode to AlwaysRequire, or call AllowUngoverned(\"{server.ServerName}\", reason) on the options of UseThoth.");
        }

        return options.IsAllowedUngoverned(tool.Name)
            ? tool
            : throw new InvalidOperationException(
                $"The tool '{tool.Name}' runs {(tool is AIFunctionDeclaration ? "at the caller of the chat client" : "at the provider")} and cannot be governed here. Remove it, or call AllowUngoverned(\"{tool.Name}\", reason) on the options of UseThoth.");
    }

    private static HostedMcpServerTool AskAlways(HostedMcpServerTool server) => new(server.ServerName, server.ServerAddress, server.AdditionalProperties)
    {
        AllowedTools = server.AllowedTools,
        ApprovalMode = HostedMcpServerToolApprovalMode.AlwaysRequire,
        Headers = server.Headers,
        ServerDescription = server.ServerDescription,
    };
}
