using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thoth.Interception.Events.Serialization;
using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.Events.Queue;

/// <summary>
/// Holds events that wait for the Thoth API, as bytes. Under load most events wait: as objects, the garbage collector would have to
/// find and move each of them while every call is paused, and here it sees a few large arrays. Values that many events share,
/// above all a session's history, are referred to once for many of them.
/// </summary>
internal sealed class SerializedEventBuffer : IEventBuffer<SerializedEvent>
{
    private const int SegmentBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<Segment> _segments = [];
    private Segment _last = new(SegmentBytes);
    private int _count;

    public SerializedEventBuffer() => _segments.Enqueue(_last);

    public int Count => Volatile.Read(ref _count);

    public void Add(BehavioralEvent behavioralEvent)
    {
        using var outcome = PooledJsonWriter.Rent();
        var e = new SerializedEvent(behavioralEvent, outcome);
        lock (_lock)
        {
            if (!_last.TryAdd(e))
            {
                _last = new Segment(Math.Max(SegmentBytes, Segment.BytesOf(e)));
                _segments.Enqueue(_last);
                _last.TryAdd(e);
            }

            // A full fence: the reader sets its sleep flag and then reads the count; this writes the count, and the caller then reads the
            // flag. So the reader sees the event, or the caller sees the flag and wakes the reader.
            Interlocked.Increment(ref _count);
        }
    }

    public void Take(List<SerializedEvent> batch, int max)
    {
        lock (_lock)
        {
            for (; max > 0 && _count > 0; max--, _count--)
            {
                if (_segments.Peek().IsEmpty)
                {
                    _segments.Dequeue().Dispose();
                }

                batch.Add(_segments.Peek().Take());
            }

            if (_count == 0)
            {
                // The memory is used again, and the segment no longer refers to the sessions of events that are gone.
                _last.Clear();
            }
        }
    }

    /// <summary>The fixed part of an event, before its outcome.</summary>
    private struct Header
    {
        public Guid Id;
        public Guid Action;
        public long OccurredAt;
        public int GivenId;
        public int GivenAction;
        public int ViolationId;
        public int Context;
        public int ToolName;
        public int History;
        public int HistoryStart;
        public int HistoryCount;
        public int Current;
        public int OutcomeLength;
        public byte Type;
        public byte Phase;
    }

    /// <summary>Holds neighbouring events in one array.</summary>
    private sealed class Segment(int bytes) : IDisposable
    {
        private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(bytes);

        /// <summary>The objects that events refer to by their index here; index 0 is null.</summary>
        private readonly List<object?> _shared = [null];

        // The indexes of the objects that the newest event refers to.
        private int _context;
        private int _toolName;
        private int _history;
        private int _current;
        private int _start;
        private int _end;

        public bool IsEmpty => _start == _end;

        public static int BytesOf(in SerializedEvent e) => Unsafe.SizeOf<Header>() + e.Outcome.Length;

        public bool TryAdd(in SerializedEvent e)
        {
            if (_bytes.Length - _end < BytesOf(e))
            {
                return false;
            }

            var header = new Header
            {
                Id = e.Id.Uuid,
                Action = e.Action.Uuid,
                OccurredAt = e.OccurredAt,
                GivenId = NumberOf(e.Id.Given),
                GivenAction = NumberOf(e.Action.Given),
                ViolationId = NumberOf(e.ViolationId),
                Context = LastOr(e.Context, ref _context),
                ToolName = LastOr(e.ToolName, ref _toolName),
                OutcomeLength = e.Outcome.Length,
                Type = (byte)e.Type,
                Phase = (byte)e.Phase,
            };
            if (e.History is ToolCallHistory history)
            {
                (var log, header.HistoryStart, header.HistoryCount, var current) = history;
                header.History = LastOr(log, ref _history);
                header.Current = LastOr(current, ref _current);
            }
            else
            {
                header.History = LastOr(e.History, ref _history);
            }

            MemoryMarshal.Write(_bytes.AsSpan(_end), header);
            _end += Unsafe.SizeOf<Header>();
            e.Outcome.Span.CopyTo(_bytes.AsSpan(_end));
            _end += e.Outcome.Length;
            return true;
        }

        public SerializedEvent Take()
        {
            var header = MemoryMarshal.Read<Header>(_bytes.AsSpan(_start));
            _start += Unsafe.SizeOf<Header>();
            var outcome = _bytes.AsSpan(_start, header.OutcomeLength).ToArray();
            _start += header.OutcomeLength;
            return new SerializedEvent
            {
                Type = (BehavioralEventType)header.Type,
                Phase = (EventPhase)header.Phase,
                OccurredAt = header.OccurredAt,
                Context = (EventContextJson)_shared[header.Context]!,
                ToolName = (byte[])_shared[header.ToolName]!,
                History = _shared[header.History] is ToolCallLog log
                    ? new ToolCallHistory(log, header.HistoryStart, header.HistoryCount, (EncodedToolName?)_shared[header.Current])
                    : (IReadOnlyList<string>)_shared[header.History]!,
                Id = new((string?)_shared[header.GivenId], header.Id),
                Action = new((string?)_shared[header.GivenAction], header.Action),
                ViolationId = (string?)_shared[header.ViolationId],
                Outcome = outcome,
            };
        }

        public void Clear()
        {
            (_start, _end) = (0, 0);
            (_context, _toolName, _history, _current) = (0, 0, 0, 0);
            _shared.RemoveRange(1, _shared.Count - 1);
        }

        public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

        /// <summary>Returns the index of the object. Most often the event before refers to the same one.</summary>
        private int LastOr(object? value, ref int last)
        {
            if (!ReferenceEquals(_shared[last], value))
            {
                last = NumberOf(value);
            }

            return last;
        }

        private int NumberOf(object? value)
        {
            if (value is null)
            {
                return 0;
            }

            _shared.Add(value);
            return _shared.Count - 1;
        }
    }
}
