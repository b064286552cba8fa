namespace Evidence;

internal sealed class NoteTools : INoteTools
{
    public Task<int> WriteNoteAsync(string text) => Task.FromResult(text.Length);
}
