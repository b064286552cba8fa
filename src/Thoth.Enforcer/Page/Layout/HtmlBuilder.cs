using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Thoth.Enforcer.Page.Layout;

/// <summary>Handles the interpolated strings of <see cref="Html.Of"/>, so that values are always escaped.</summary>
[InterpolatedStringHandler]
internal sealed class HtmlBuilder(int literalLength, int formattedCount)
{
    private readonly StringBuilder _markup = new(literalLength + (formattedCount * 16));

    public void AppendLiteral(string markup) => _markup.Append(markup);

    /// <param name="value">Markup is added as it is; all other values are escaped.</param>
    public void AppendFormatted(object? value)
    {
        switch (value)
        {
            case null:
                break;
            case Html markup:
                _markup.Append(markup);
                break;
            case IEnumerable<Html> parts:
                _markup.AppendJoin("", parts);
                break;
            default:
                _markup.Append(HtmlEncoder.Default.Encode(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                break;
        }
    }

    public override string ToString() => _markup.ToString();
}
