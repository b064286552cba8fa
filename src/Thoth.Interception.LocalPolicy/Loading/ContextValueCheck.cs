using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>
/// Reports values that an attribute of the context never has: it is a string and not blank, and the environment is in lower case
/// without blanks at its ends.
/// </summary>
internal sealed class ContextValueCheck(PolicyText text)
{
    /// <summary>Checks the values of a condition.</summary>
    /// <param name="attribute">The key of the attribute.</param>
    /// <param name="condition">The condition.</param>
    public void Check(string attribute, PolicyNode condition)
    {
        if (condition.Kind == JsonValueKind.Object)
        {
            foreach (var member in condition.Members)
            {
                CheckOperator(attribute, member);
            }

            return;
        }

        CheckValues(attribute, condition, isWhole: true);
    }

    private void CheckOperator(string attribute, PolicyMember member)
    {
        switch (member.Name)
        {
            case "not":
                Check(attribute, member.Value);
                break;
            case "equals" or "in":
                CheckValues(attribute, member.Value, isWhole: true);
                break;
            case "like" or "contains":
                CheckValues(attribute, member.Value, isWhole: false);
                break;
        }
    }

    private void CheckValues(string attribute, PolicyNode node, bool isWhole)
    {
        foreach (var value in node.Kind == JsonValueKind.Array ? node.Items : [node])
        {
            if (Mistake(attribute, value, isWhole) is { } mistake)
            {
                text.Report(value, mistake);
            }
        }
    }

    private static string? Mistake(string attribute, PolicyNode value, bool isWhole)
    {
        if (value.Kind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            return $"This is {value.KindName}, but '{attribute}' is always a string. Write a string.";
        }

        if (value.Kind != JsonValueKind.String)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(value.Text))
        {
            // The reader reports a blank pattern itself.
            return isWhole ? $"A blank '{attribute}' counts as missing. Write {{\"exists\": false}} as the condition." : null;
        }

        if (attribute != "environment")
        {
            return null;
        }

        var shown = PolicyText.Shown(value.Text);
        var lower = value.Text.ToLowerInvariant();
        return lower != value.Text
            ? $"The environment is in lower case, so '{shown}' never matches. Write '{PolicyText.Shown(lower)}'."
            : isWhole && lower.Trim() != lower
                ? $"The environment has no blanks at its ends, so '{shown}' never matches. Remove them."
                : null;
    }
}
