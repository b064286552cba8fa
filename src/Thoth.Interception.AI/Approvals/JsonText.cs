using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>Compares values by their JSON.</summary>
internal static class JsonText
{
    public static bool AreEqual(object? left, object? right) =>
        JsonElement.DeepEquals(JsonSerializer.SerializeToElement(left, AIJsonUtilities.DefaultOptions), JsonSerializer.SerializeToElement(right, AIJsonUtilities.DefaultOptions));
}
