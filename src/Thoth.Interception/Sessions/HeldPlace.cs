namespace Thoth.Interception.Sessions;

/// <summary>The place of a held call in its session. It is reserved before the call is stored, so that an equal call joins it.</summary>
/// <param name="session">The session.</param>
/// <param name="tool">The tool's name.</param>
/// <param name="argumentsHash">The SHA-256 hash of the arguments.</param>
internal sealed class HeldPlace(ThothSession session, string tool, ReadOnlyMemory<byte> argumentsHash)
{
    private readonly TaskCompletionSource<HeldCallEntry?> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the held call; <see langword="null"/> until it is stored.</summary>
    public HeldCallEntry? Entry { get; private set; }

    /// <summary>Gets the stored call, or <see langword="null"/> if it could not be stored.</summary>
    public Task<HeldCallEntry?> Stored => _stored.Task;

    public bool IsFor(string otherTool, ReadOnlySpan<byte> otherHash) => tool == otherTool && argumentsHash.Span.SequenceEqual(otherHash);

    public void Keep(HeldCallEntry entry)
    {
        Entry = entry;
        _stored.TrySetResult(entry);
    }

    /// <summary>Gives the place back. Called once.</summary>
    public void Leave()
    {
        session.RemoveHeld(this);
        _stored.TrySetResult(null);
    }
}
