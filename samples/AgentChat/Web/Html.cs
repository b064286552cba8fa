namespace AgentChat.Web;

/// <summary>Markup that is safe to send: the text of this program, and values that <see cref="HtmlBuilder"/> encoded.</summary>
internal sealed class Html
{
    public static readonly Html Nothing = new("");

    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>Creates markup from an interpolated string: its text is markup, each value is text.</summary>
    public static Html Of(HtmlBuilder markup) => new(markup.ToString());

    public override string ToString() => _markup;
}
