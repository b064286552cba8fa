namespace Thoth.Enforcer.Page.Layout;

/// <summary>Renders rows so that none of them, whatever it contains, takes down the page.</summary>
internal static class SafeRows
{
    public static List<Html> Of<T>(IEnumerable<T> rows, Func<T, Html> show, Func<T, Html> showUnreadable) =>
        [.. rows.Select(row => Of(row, show, showUnreadable))];

    private static Html Of<T>(T row, Func<T, Html> show, Func<T, Html> showUnreadable)
    {
        try
        {
            return show(row);
        }
        catch (Exception)
        {
            return showUnreadable(row);
        }
    }
}
