namespace Thoth.Interception.Serialization;

/// <summary>An id as it is sent, which needs no text of its own where it is one of the library's.</summary>
/// <param name="Given">A host's own id, whole.</param>
/// <param name="Uuid">The library's, where there is no other.</param>
internal readonly record struct EventOrActionId(string? Given, Guid Uuid)
{
    /// <summary>Writes it as a JSON string.</summary>
    /// <param name="json">Where it is written.</param>
    /// <param name="start">The string's beginning, up to the UUID.</param>
    public void Write(JsonBuffer json, ReadOnlySpan<byte> start)
    {
        if (Given is not null)
        {
            json.Text(Given);
            return;
        }

        json.Raw(start);
        json.Uuid(Uuid);
        json.Raw("\""u8);
    }
}
