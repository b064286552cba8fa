namespace Thoth.Interception;

/// <summary>Specifies what a tool's name is made from, unless <see cref="GovernedToolAttribute"/> or a selector gives the name.</summary>
public enum ToolNaming
{
    /// <summary>The method: <c>IDocumentTools.SearchDocsAsync</c> is <c>search_docs</c>.</summary>
    Method = 0,

    /// <summary>The governed interface and the method: <c>IDocumentTools.SearchDocsAsync</c> is <c>document_tools__search_docs</c>.</summary>
    InterfaceAndMethod,
}
