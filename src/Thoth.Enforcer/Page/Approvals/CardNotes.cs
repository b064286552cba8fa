using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Page.Text;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>Notes while a call is rendered what its reader must know: what is left out, what is masked, and which texts mislead.</summary>
/// <param name="full">Whether the call is shown in full; otherwise long texts are cut to fit a list.</param>
/// <param name="reveal">Whether masked values are shown.</param>
internal sealed class CardNotes(bool full, bool reveal = false)
{
    private const int MaxCharacters = 400;

    private readonly List<string> _misleading = [];

    public bool IsFull => full;

    public bool Reveals => reveal;

    /// <summary>Whether something was left out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The number of sensitive values.</summary>
    public int Sensitive { get; private set; }

    /// <summary>The texts that have characters that hide, turn or imitate others.</summary>
    public IReadOnlyList<string> Misleading => _misleading;

    public static Html Cut(int length) => Html.Of($"""<span class="cut">… cut here: {length} characters in all</span>""");

    /// <summary>Shows a name of the call. Another name with one more space is another name.</summary>
    /// <param name="title">What the name is of, for the warning.</param>
    /// <param name="text">The name.</param>
    public Html Name(string title, string text)
    {
        Note(title, OutsideText.HasMarks(text));
        return Text(title, text);
    }

    /// <summary>Shows a text of the call.</summary>
    /// <param name="title">What the text is, for the warning.</param>
    /// <param name="text">The text.</param>
    public Html Text(string title, string text)
    {
        var shown = full ? text : OutsideText.Cut(text, MaxCharacters).Text;
        Inspect(title, shown);
        if (shown.Length == text.Length)
        {
            return Html.Of($"{text}");
        }

        IsCut = true;
        return Html.Of($"{shown}{Cut(text.Length)}");
    }

    public void Inspect(string title, string text) => Note(title, !_misleading.Contains(title) && OutsideText.IsSuspicious(text));

    public void AddCut() => IsCut = true;

    public void AddSensitive() => Sensitive++;

    private void Note(string title, bool isMisleading)
    {
        if (isMisleading && !_misleading.Contains(title))
        {
            _misleading.Add(title);
        }
    }
}
