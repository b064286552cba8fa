using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>Compares values by their JSON.</summary>
internal static class JsonText
{
    /// <summary>Tells whether two values are equal. A value that has no JSON, such as one with invalid Unicode, equals only itself.</summary>
    public static bool AreEqual(object? left, object? right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        try
        {
            return JsonElement.DeepEquals(
                JsonSerializer.SerializeToElement(left, AIJsonUtilities.DefaultOptions), JsonSerializer.SerializeToElement(right, AIJsonUtilities.DefaultOptions));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            return false;
        }
    }
}
