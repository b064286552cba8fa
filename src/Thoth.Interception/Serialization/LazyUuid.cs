using System.Buffers.Binary;

namespace Thoth.Interception.Serialization;

/// <summary>
/// A UUID that is drawn when it is first asked for; most are asked for by nobody. Threads that ask at once agree on each half,
/// and the halves of two UUIDs are one as random as they are.
/// </summary>
internal struct LazyUuid
{
    // Neither half of a version 4 UUID is 0: the one has the version, the other the variant.
    private long _high;
    private long _low;

    public Guid Value
    {
        get
        {
            if (Volatile.Read(ref _low) == 0)
            {
                Draw();
            }

            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteInt64BigEndian(bytes, _high);
            BinaryPrimitives.WriteInt64BigEndian(bytes[8..], _low);
            return new Guid(bytes, bigEndian: true);
        }
    }

    private void Draw()
    {
        Span<byte> bytes = stackalloc byte[16];
        Uuid.New().TryWriteBytes(bytes, bigEndian: true, out _);
        Interlocked.CompareExchange(ref _high, BinaryPrimitives.ReadInt64BigEndian(bytes), 0);

        // Last, because whoever sees it takes both.
        Interlocked.CompareExchange(ref _low, BinaryPrimitives.ReadInt64BigEndian(bytes[8..]), 0);
    }
}
