using System.ComponentModel;
using Thoth.Interception;

namespace AgentChat.Tools;

/// <summary>Represents the tools of the agent for documents and the web.</summary>
public interface IDocumentTools
{
    [Description("Lists the documents that contain a text.")]
    Task<string> SearchDocsAsync(string query);

    [Description("Reads a document.")]
    Task<string> ReadDocAsync([Description("The name, such as returns.md.")] string name);

    [Description("Saves a note as a Markdown document.")]
    [GovernedTool(Action = ToolAction.Write)]
    Task<string> SaveDocAsync(string name, string text);

    [Description("Deletes a document.")]
    [GovernedTool(Action = ToolAction.Delete)]
    Task<string> DeleteDocAsync(string name);

    [Description("Opens a page of the help center.")]
    Task<string> OpenPageAsync([Description("The address, such as https://help.acme.example/returns.")] string url);

    [Description("Searches the web.")]
    Task<string> SearchWebAsync(string query);
}
