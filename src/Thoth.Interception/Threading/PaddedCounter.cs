using System.Runtime.InteropServices;

namespace Thoth.Interception.Threading;

/// <summary>A counter on separate cache lines, because callers and the reader count on different cores.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedCounter
{
    [FieldOffset(128)]
    public long Value;
}
