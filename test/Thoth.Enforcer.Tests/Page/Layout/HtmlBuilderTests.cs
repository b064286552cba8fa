using System.Reflection;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Tests.Page.Layout;

public class HtmlBuilderTests
{
    [Test]
    public void Hole_TakesTextThroughOneFunctionOnly()
    {
        var holes = typeof(HtmlBuilder).GetMethods().Where(method => method.Name == nameof(HtmlBuilder.AppendFormatted))
            .Select(method => method.GetParameters().Single().ParameterType);
        var makers = typeof(Html).GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(Html)).SelectMany(method => method.GetParameters());

        Assert.That(holes, Is.EquivalentTo([typeof(string), typeof(Html), typeof(IEnumerable<Html>), typeof(AttributeValue), typeof(long), typeof(double)]));
        Assert.That(makers.Select(parameter => parameter.ParameterType), Is.EqualTo([typeof(HtmlBuilder)]));
        Assert.That(typeof(Html).GetConstructors(), Is.Empty);
    }

    [Test]
    public void Text_InContent_HasMarksInMarkup() =>
        Assert.That(WebUtility.HtmlDecode(Html.Of($"<p>{"a\u202Eb"}</p>").ToString()), Is.EqualTo(
            """<p><bdi class="outside" dir="ltr">a<bdi class="odd" dir="ltr" title="a character that turns the text around it">⟨U+202E⟩</bdi>b</bdi></p>"""));

    [Test]
    public void Text_WhereMarkupWouldBeText_HasMarksInText()
    {
        const string Text = "\"a\u202Eb";

        Assert.That(WebUtility.HtmlDecode(Html.Of($"""<p title="{Text}">x</p>""").ToString()), Is.EqualTo("""<p title=""a⟨U+202E⟩b">x</p>"""));
        Assert.That(WebUtility.HtmlDecode(Html.Of($"<title>{Text}</title>").ToString()), Is.EqualTo("<title>\"a⟨U+202E⟩b</title>"));
        Assert.That(WebUtility.HtmlDecode(Html.Of($"<option>{Text}</option>").ToString()), Is.EqualTo("<option>\"a⟨U+202E⟩b</option>"));
        Assert.That(Html.Of($"""<p title="{Text}">x</p>""").ToString(), Does.StartWith("<p title=\"&quot;a"));
    }

    [Test]
    public void AttributeValue_OutsideAValueAttribute_Throws()
    {
        var value = new AttributeValue("a\u202E\"b");

        Assert.That(Html.Of($"""<input value="{value}">""").ToString(), Is.EqualTo("<input value=\"a&#x202E;&quot;b\">"));
        Assert.That(() => Html.Of($"<p>{value}</p>"), Throws.InvalidOperationException);
        Assert.That(() => Html.Of($"""<p title="{value}">x</p>"""), Throws.InvalidOperationException);
        Assert.That(() => Html.Of($"""<p>value="{value}"</p>"""), Throws.InvalidOperationException);
    }
}
