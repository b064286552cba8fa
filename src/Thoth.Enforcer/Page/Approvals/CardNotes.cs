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

    /// <summary>Shows a text of the call.</summary>
    /// <param name="name">Its name for the warning.</param>
    /// <param name="text">The text.</param>
    public Html Text(string name, string text)
    {
        var shown = full ? text : OutsideText.Cut(text, MaxCharacters).Text;
        Inspect(name, shown);
        if (shown.Length == text.Length)
        {
            return Html.Of($"{text}");
        }

        IsCut = true;
        return Html.Of($"{shown}{Cut(text.Length)}");
    }

    public void Inspect(string name, string text)
    {
        if (!_misleading.Contains(name) && OutsideText.IsSuspicious(text))
        {
            _misleading.Add(name);
        }
    }

    public void AddCut() => IsCut = true;

    public void AddSensitive() => Sensitive++;
}
