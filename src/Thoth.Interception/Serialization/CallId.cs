using System.Runtime.CompilerServices;

namespace Thoth.Interception.Serialization;

/// <summary>
/// The id of a call or of an event: a text that the host gave, or a UUID that is drawn when it is first read. A UUID becomes a
/// string only when the string is read, because it is mostly written as bytes.
/// </summary>
/// <param name="given">The host's own id, or <see langword="null"/> for a UUID.</param>
/// <param name="uuid">A version 4 UUID; the default draws one.</param>
internal struct CallId(string? given, Guid uuid = default)
{
    private Halves _uuid = Unsafe.BitCast<Guid, Halves>(uuid);
    private string? _text = given;

    /// <summary>The id as text: from the start if it was given, else once it was set, which needs the UUID.</summary>
    public string? Text
    {
        readonly get => Volatile.Read(in _text);
        set => _text = value;
    }

    /// <summary>The host's own id; <see langword="null"/> for a UUID, which is drawn before its text can be set.</summary>
    public readonly string? Given => Text is { } text && !IsDrawn ? text : null;

    /// <summary>
    /// The UUID; <see cref="Guid.Empty"/> for a given id. Racing readers may combine halves of two UUIDs: the result is as
    /// random, and the same for all of them.
    /// </summary>
    public Guid Uuid
    {
        get
        {
            if (!IsDrawn && Text is null)
            {
                var drawn = Unsafe.BitCast<Guid, Halves>(Serialization.Uuid.New());
                Interlocked.CompareExchange(ref _uuid.First, drawn.First, 0);

                // Last, because a reader that sees the second half takes both.
                Interlocked.CompareExchange(ref _uuid.Second, drawn.Second, 0);
            }

            return Unsafe.BitCast<Halves, Guid>(_uuid);
        }
    }

    private readonly bool IsDrawn => Volatile.Read(in _uuid.Second) != 0;

    /// <summary>A copy that cannot change any more, because its UUID is drawn.</summary>
    public CallId Drawn()
    {
        _ = Uuid;
        return this;
    }

    /// <summary>Writes the id as a JSON string.</summary>
    /// <param name="json">The target.</param>
    /// <param name="start">The string's beginning, up to the UUID.</param>
    public void Write(PooledJsonWriter json, ReadOnlySpan<byte> start)
    {
        if (Given is { } given)
        {
            json.Text(given);
            return;
        }

        json.Raw(start);
        json.Uuid(Uuid);
        json.Raw("\""u8);
    }

    /// <summary>Neither half of a version 4 UUID is 0: the first has the version, the second the variant.</summary>
    private struct Halves
    {
        public long First;
        public long Second;
    }
}
