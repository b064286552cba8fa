namespace Evidence;

/// <summary>A tool to make calls with.</summary>
public interface INoteTools
{
    /// <summary>Pretends to write a note.</summary>
    Task<int> WriteNoteAsync(string text);
}
