using System.Runtime.InteropServices;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Collects, while one argument is written, facts that its JSON does not tell: which types and comparers its objects have, whether a
/// lazy sequence was run, and how many U+FFFD belong to the text. A nested use on the same thread has its own notes.
/// </summary>
internal sealed class WritingNotes : IDisposable
{
    /// <summary>Stands for a <c>JsonElement</c> that was never set.</summary>
    public static readonly object UnsetElement = new();

    /// <summary>Stands for an <c>ImmutableArray&lt;T&gt;</c> that was never set.</summary>
    public static readonly object UnsetArray = new();

    /// <summary>A thread keeps no more memory than this from one argument to the next.</summary>
    private const int KeptFacts = 1024;

    [ThreadStatic]
    private static WritingNotes? t_current;

    private readonly List<object> _facts = [];
    private WritingNotes? _outer;

    /// <summary>Gets the notes about the argument that this thread writes, if it writes one.</summary>
    public static WritingNotes? Current => t_current;

    /// <summary>Gets or sets how many replacement characters (U+FFFD) the values themselves have.</summary>
    public int Replacements { get; set; }

    /// <summary>Gets or sets whether a lazy sequence was run.</summary>
    public bool RanSequence { get; set; }

    /// <summary>Gets or sets whether lazy sequences are left to the tool, so that an argument with one cannot be written.</summary>
    public bool LeavesSequences { get; set; }

    /// <summary>Gets or sets whether a placeholder stands for a value in the argument.</summary>
    public bool HasPlaceholder { get; set; }

    /// <summary>Gets memory for the names of the objects that are open.</summary>
    public List<ReadOnlyMemory<byte>> Names { get; } = [];

    /// <summary>Gets memory for where the names of each open object begin.</summary>
    public Stack<int> Starts { get; } = [];

    /// <summary>Gets how values behind <c>object</c> were written, so that reading can restore their types.</summary>
    public ObjectReading Objects { get; } = new();

    /// <summary>Starts the notes about an argument.</summary>
    /// <param name="collects">Whether facts are needed; if not, those of an outer use are kept apart all the same.</param>
    public static WritingNotes Start(bool collects = true)
    {
        var notes = ThreadCache<WritingNotes>.Take() ?? new WritingNotes();
        notes._outer = t_current;
        t_current = collects ? notes : null;
        return notes;
    }

    /// <summary>Notes a type, a comparer or another fact, in the order of writing.</summary>
    public void Add(object fact) => _facts.Add(fact);

    /// <summary>Whether both arguments consist of objects of the same types, with the same comparers, in the same order.</summary>
    public bool SameTypesAs(WritingNotes other) => CollectionsMarshal.AsSpan(_facts).SequenceEqual(CollectionsMarshal.AsSpan(other._facts));

    /// <summary>Gets the first type of these notes that the other ones do not have at the same place.</summary>
    public Type? FirstTypeNotIn(WritingNotes other)
    {
        for (var i = 0; i < _facts.Count; i++)
        {
            if (i >= other._facts.Count || !_facts[i].Equals(other._facts[i]))
            {
                return _facts[i] as Type;
            }
        }

        return null;
    }

    public void Dispose()
    {
        t_current = _outer;
        _outer = null;
        _facts.Clear();
        Names.Clear();
        Starts.Clear();
        Objects.Clear();
        (Replacements, RanSequence, LeavesSequences, HasPlaceholder) = (0, false, false, false);
        if (_facts.Capacity <= KeptFacts && Names.Capacity <= KeptFacts)
        {
            ThreadCache<WritingNotes>.TryKeep(this);
        }
    }
}
