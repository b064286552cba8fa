using System.Buffers;
using System.Text.Json;

namespace Thoth.Interception.Arguments;

/// <summary>
/// A JSON writer over memory that is kept per thread for the next call. Writing more than the contract's 1 MiB throws, so
/// an endless value cannot exhaust the process.
/// </summary>
internal sealed class ArgumentBuffer : IBufferWriter<byte>
{
    public const int MaxBytes = 1024 * 1024;
    public const int MaxDepth = 64;
    private const int KeptBytes = 64 * 1024;

    [ThreadStatic]
    private static ArgumentBuffer? t_free;

    private byte[] _bytes = new byte[512];
    private int _written;

    private ArgumentBuffer() => Writer = new Utf8JsonWriter(this, new JsonWriterOptions { MaxDepth = MaxDepth });

    public Utf8JsonWriter Writer { get; }

    public ReadOnlySpan<byte> Written
    {
        get
        {
            Writer.Flush();
            return _bytes.AsSpan(0, _written);
        }
    }

    public static ArgumentBuffer Rent()
    {
        // A property getter may call another governed tool while its arguments are written: that call finds the slot empty.
        var buffer = t_free ?? new ArgumentBuffer();
        t_free = null;
        return buffer;
    }

    public void Return()
    {
        _written = 0;
        Writer.Reset();
        if (_bytes.Length <= KeptBytes)
        {
            t_free = this;
        }
    }

    public void Advance(int count)
    {
        _written += count;
        if (_written > MaxBytes)
        {
            throw new InvalidOperationException("The JSON is larger than 1 MiB.");
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = _written + Math.Max(sizeHint, 256);
        if (needed > _bytes.Length)
        {
            // The writer asks for three bytes a character before it knows how many it needs.
            if (needed > (MaxBytes * 4L))
            {
                throw new InvalidOperationException("The JSON is larger than 1 MiB.");
            }

            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        return _bytes.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
