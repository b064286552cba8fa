using System.Runtime.InteropServices;

namespace Thoth.Interception.Threading;

/// <summary>A counter with cache lines of its own: callers count on one core while the reader counts on another.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedCounter
{
    [FieldOffset(128)]
    public long Value;
}
