using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Thoth.Interception.Serialization;

/// <summary>
/// Memory that JSON is put together in: what is JSON already is copied, and a writer that does not validate does the rest.
/// </summary>
internal sealed class JsonBuffer : IBufferWriter<byte>
{
    /// <summary>A question with a full history and a few arguments.</summary>
    private const int UsualBytes = 8 * 1024;

    private static readonly JsonWriterOptions s_trusted = new() { SkipValidation = true };

    private static readonly SearchValues<char> s_plain =
        SearchValues.Create(" !#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly Utf8JsonWriter _writer;
    private byte[] _bytes = [];

    public JsonBuffer() => _writer = new Utf8JsonWriter(this, s_trusted);

    /// <summary>How much is written. What is behind a lower one is taken back.</summary>
    public int Length { get; set; }

    public int Capacity => _bytes.Length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Whether a text is the same as JSON, but for its quotes: nothing in it is escaped, and each character is one byte.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_plain);

    /// <summary>Gives the memory, rented from the shared pool, with what is written in it away; what comes next is in other memory.</summary>
    public byte[] Take()
    {
        var bytes = _bytes;
        (_bytes, Length) = ([], 0);
        return bytes;
    }

    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(GetSpan(json.Length));
        Length += json.Length;
    }

    /// <summary>A further member's name, with what stands before and behind it.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        var member = GetSpan(name.Length + 4);
        (member[0], member[1]) = ((byte)',', (byte)'"');
        name.CopyTo(member[2..]);
        (member[name.Length + 2], member[name.Length + 3]) = ((byte)'"', (byte)':');
        Length += name.Length + 4;
    }

    /// <summary>A string.</summary>
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

    /// <summary>What stands in a string for the id.</summary>
    public void Uuid(Guid value)
    {
        value.TryFormat(GetSpan(36), out var written);
        Length += written;
    }

    /// <summary>What stands in a string for the time, in UTC.</summary>
    public void Time(DateTimeOffset value)
    {
        Utf8Formatter.TryFormat(value.UtcDateTime, GetSpan(40), out var written, 'O');
        Length += written;
    }

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, GetSpan(20), out var written);
        Length += written;
    }

    /// <summary>A finite number, exactly.</summary>
    public void Number(double value)
    {
        // Nearly all have a few decimals, which are quicker found as those of an integer.
        var scaled = Math.Round(value * 10_000);
        if (Math.Abs(scaled) < 1e15 && scaled / 10_000 == value)
        {
            Decimal((long)scaled);
            return;
        }

        value.TryFormat(GetSpan(32), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Further members of an object that has some: each with a comma before it, or none.</summary>
    public void Members<T>(T source, Action<Utf8JsonWriter, T> write)
    {
        var start = Length;
        Raw(","u8);
        Write(source, write);
        if (_writer.BytesCommitted == 0)
        {
            Length = start;
        }
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsSpan(Length);
    }

    /// <summary>A number of ten-thousandths.</summary>
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
        _writer.Reset();
        write(_writer, source);
        _writer.Flush();
    }

    private void MakeRoom(int bytes)
    {
        if (_bytes.Length - Length < Math.Max(bytes, 1))
        {
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
