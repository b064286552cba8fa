using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Serialization;

/// <summary>
/// Writes JSON into pooled memory. The library's own JSON is put together from pieces, without validation; a caller's values
/// go through <see cref="Validating"/>.
/// </summary>
internal sealed class PooledJsonWriter : IBufferWriter<byte>, IDisposable
{
    /// <summary>How deep a caller's values may be nested.</summary>
    public const int MaxDepth = 64;

    /// <summary>A request with a full history and a few arguments.</summary>
    private const int UsualBytes = 8 * 1024;

    /// <summary>A thread keeps no more than this from one use to the next.</summary>
    private const int KeptBytes = 64 * 1024;

    private static readonly JsonWriterOptions s_trusted = new() { SkipValidation = true };
    private static readonly JsonWriterOptions s_validating = new() { MaxDepth = MaxDepth };

    private static readonly SearchValues<char> s_plain =
        SearchValues.Create(" !#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~");

    private byte[] _bytes = [];
    private int _maxBytes = int.MaxValue;
    private Utf8JsonWriter? _trusted;
    private Utf8JsonWriter? _validating;

    /// <summary>Gets or sets how many bytes are written; a lower value takes the bytes behind it back.</summary>
    public int Length { get; set; }

    public int Capacity => _bytes.Length;

    /// <summary>A writer that refuses invalid JSON and more than <see cref="MaxDepth"/> levels.</summary>
    public Utf8JsonWriter Validating => _validating ??= new Utf8JsonWriter(this, s_validating);

    public ReadOnlyMemory<byte> Written
    {
        get
        {
            _validating?.Flush();
            return _bytes.AsMemory(0, Length);
        }
    }

    /// <summary>Gets the thread's writer, or a new one while a caller further up the stack uses it.</summary>
    /// <param name="maxBytes">The limit, in bytes, of what <see cref="Validating"/> writes; more throws <see cref="InvalidOperationException"/>.</param>
    /// <returns>The writer; dispose it on the same thread.</returns>
    public static PooledJsonWriter Rent(int maxBytes = int.MaxValue)
    {
        var writer = ThreadCache<PooledJsonWriter>.Take() ?? new PooledJsonWriter();
        writer._maxBytes = maxBytes;
        return writer;
    }

    /// <summary>Whether a text and its JSON differ by the quotes only: nothing in it is escaped, and each character is one byte.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_plain);

    /// <summary>Passes the memory, which belongs to the shared pool, with the JSON in it to the caller. The next JSON gets other memory.</summary>
    public byte[] Take()
    {
        var bytes = _bytes;
        (_bytes, Length) = ([], 0);
        return bytes;
    }

    /// <summary>Leaves the writer to the thread's next caller, unless its memory has grown large.</summary>
    public void Dispose()
    {
        Length = 0;
        _validating?.Reset();
        if (Capacity > KeptBytes || !ThreadCache<PooledJsonWriter>.TryKeep(this))
        {
            ArrayPool<byte>.Shared.Return(Take());
        }
    }

    /// <summary>Writes bytes that are JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(GetSpan(json.Length));
        Length += json.Length;
    }

    /// <summary>Writes the name of a further member, with the comma before and the colon behind it.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        var member = GetSpan(name.Length + 4);
        (member[0], member[1]) = ((byte)',', (byte)'"');
        name.CopyTo(member[2..]);
        (member[name.Length + 2], member[name.Length + 3]) = ((byte)'"', (byte)':');
        Length += name.Length + 4;
    }

    /// <summary>Writes a string.</summary>
    public void Text(string value)
    {
        if (!IsPlain(value))
        {
            Write(value, static (json, value) => json.WriteStringValue(value));
            return;
        }

        var text = GetSpan(value.Length + 2);
        text[0] = text[value.Length + 1] = (byte)'"';
        Length += Encoding.ASCII.GetBytes(value, text[1..]) + 2;
    }

    /// <summary>Writes an id without quotes.</summary>
    public void Uuid(Guid value)
    {
        value.TryFormat(GetSpan(36), out var written);
        Length += written;
    }

    /// <summary>Writes a time, in UTC, without quotes.</summary>
    public void Time(DateTimeOffset value)
    {
        Utf8Formatter.TryFormat(value.UtcDateTime, GetSpan(40), out var written, 'O');
        Length += written;
    }

    /// <summary>Writes an integer.</summary>
    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, GetSpan(20), out var written);
        Length += written;
    }

    /// <summary>Writes a finite number exactly.</summary>
    public void Number(double value)
    {
        // Nearly all numbers have at most four decimals, and an integer is faster to format.
        var scaled = Math.Round(value * 10_000);
        if (Math.Abs(scaled) < 1e15 && scaled / 10_000 == value)
        {
            Decimal((long)scaled);
            return;
        }

        value.TryFormat(GetSpan(32), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Writes further members of an object that has some already, each with a comma before it; or nothing if there are none.</summary>
    public void Members<T>(T source, Action<Utf8JsonWriter, T> write)
    {
        var start = Length;
        Raw(","u8);
        Write(source, write);
        if (_trusted!.BytesCommitted == 0)
        {
            Length = start;
        }
    }

    public void Advance(int count)
    {
        Length += count;
        ThrowIfOver(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureCapacity(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureCapacity(sizeHint);
        return _bytes.AsSpan(Length);
    }

    /// <summary>Writes a number of ten-thousandths.</summary>
    private void Decimal(long scaled)
    {
        if (scaled < 0)
        {
            Raw("-"u8);
        }

        var (whole, rest) = Math.DivRem(Math.Abs(scaled), 10_000);
        Number(whole);
        if (rest == 0)
        {
            return;
        }

        var digits = GetSpan(5);
        digits[0] = (byte)'.';
        var length = 1;
        for (var unit = 1_000; rest > 0; unit /= 10)
        {
            digits[length++] = (byte)('0' + Math.DivRem(rest, unit, out rest));
        }

        Length += length;
    }

    private void Write<T>(T source, Action<Utf8JsonWriter, T> write)
    {
        var writer = _trusted ??= new Utf8JsonWriter(this, s_trusted);
        writer.Reset();
        write(writer, source);
        writer.Flush();
    }

    private void ThrowIfOver(long bytes)
    {
        if (bytes > _maxBytes)
        {
            throw new JsonTooLargeException(_maxBytes);
        }
    }

    private void EnsureCapacity(int bytes)
    {
        if (_bytes.Length - Length < Math.Max(bytes, 1))
        {
            // A Utf8JsonWriter asks for three bytes a character before it knows how many it needs.
            ThrowIfOver((Length + (long)bytes) / 4);
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(UsualBytes, Math.Max(_bytes.Length * 2, Length + bytes)));
            _bytes.AsSpan(0, Length).CopyTo(larger);
            if (_bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }

            _bytes = larger;
        }
    }
}
