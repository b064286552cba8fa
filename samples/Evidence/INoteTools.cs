namespace Evidence;

/// <summary>Represents the governed tool of this sample.</summary>
public interface INoteTools
{
    /// <summary>Pretends to write a note.</summary>
    Task<int> WriteNoteAsync(string text);
}
