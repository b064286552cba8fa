namespace Thoth.Enforcer.Page.Layout;

/// <summary>Markup that is safe to send. It is made of this program's own text and of escaped values, never of a bare string.</summary>
internal sealed class Html
{
    public static readonly Html Nothing = new("");

    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>An interpolated string: its text is markup, each value in it is escaped.</summary>
    public static Html Of(HtmlBuilder markup) => new(markup.ToString());

    public override string ToString() => _markup;
}
