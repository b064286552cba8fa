using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>Collections of every kind, by name, since the type of their elements is known only when a graph is generated.</summary>
internal static class Collections
{
    public static readonly string[] Plain =
    [
        "List", "Array", "Jagged", "IEnumerable of list", "IReadOnlyList", "ICollection", "ISet", "HashSet", "SortedSet", "Queue", "Stack", "LinkedList",
        "ImmutableArray", "ImmutableList", "ImmutableHashSet", "ImmutableStack", "ImmutableQueue", "FrozenSet", "ReadOnlyCollection", "Collection",
        "ObservableCollection", "ConcurrentBag", "ConcurrentQueue", "ConcurrentStack", "Memory", "ReadOnlyMemory", "ArraySegment", "object of array",
        "IEnumerable of array", "untyped IEnumerable", "ArrayList",
    ];

    public static readonly string[] Lazy = ["iterator", "query", "once", "object of iterator"];

    public static readonly string[] Odd = ["matrix", "lookup", "groups", "IReadOnlyCollection of stack", "unset ImmutableArray", "untyped Stack"];

    private interface IOf
    {
        Type Type(string kind);

        object Make(string kind, Array items, LazyLog lazies);
    }

    public static Type Type(string kind, Type element) => Of(element).Type(kind);

    public static object Make(string kind, Array items, LazyLog lazies) => Of(items.GetType().GetElementType()!).Make(kind, items, lazies);

    private static IOf Of(Type element) => (IOf)Activator.CreateInstance(typeof(Kinds<>).MakeGenericType(element))!;

    private sealed class Kinds<T> : IOf
    {
        private static readonly IComparer<T> s_order = Comparer<T>.Create((a, b) => string.CompareOrdinal(Text(a), Text(b)));

        public Type Type(string kind) => Kind(kind).Declared;

        public object Make(string kind, Array items, LazyLog lazies) => Kind(kind).Make((T[])items, lazies);

        private static (Type Declared, Func<T[], LazyLog, object> Make) Kind(string kind) => kind switch
        {
            "List" => (typeof(List<T>), (items, _) => items.ToList()),
            "Array" => (typeof(T[]), (items, _) => items),
            "Jagged" => (typeof(T[][]), (items, _) => new T[][] { [], items }),
            "IEnumerable of list" => (typeof(IEnumerable<T>), (items, _) => items.ToList()),
            "IEnumerable of array" => (typeof(IEnumerable<T>), (items, _) => items),
            "IReadOnlyList" => (typeof(IReadOnlyList<T>), (items, _) => items),
            "ICollection" => (typeof(ICollection<T>), (items, _) => items.ToList()),
            "ISet" => (typeof(ISet<T>), (items, _) => items.ToHashSet()),
            "HashSet" => (typeof(HashSet<T>), (items, _) => items.ToHashSet()),
            "SortedSet" => (typeof(SortedSet<T>), (items, _) => new SortedSet<T>(items, s_order)),
            "Queue" => (typeof(Queue<T>), (items, _) => new Queue<T>(items)),
            "Stack" => (typeof(Stack<T>), (items, _) => new Stack<T>(items)),
            "LinkedList" => (typeof(LinkedList<T>), (items, _) => new LinkedList<T>(items)),
            "ImmutableArray" => (typeof(ImmutableArray<T>), (items, _) => items.ToImmutableArray()),
            "ImmutableList" => (typeof(ImmutableList<T>), (items, _) => items.ToImmutableList()),
            "ImmutableHashSet" => (typeof(ImmutableHashSet<T>), (items, _) => items.ToImmutableHashSet()),
            "ImmutableStack" => (typeof(ImmutableStack<T>), (items, _) => ImmutableStack.Create(items)),
            "ImmutableQueue" => (typeof(ImmutableQueue<T>), (items, _) => ImmutableQueue.Create(items)),
            "FrozenSet" => (typeof(FrozenSet<T>), (items, _) => items.ToFrozenSet()),
            "ReadOnlyCollection" => (typeof(ReadOnlyCollection<T>), (items, _) => items.AsReadOnly()),
            "Collection" => (typeof(Collection<T>), (items, _) => new Collection<T>(items)),
            "ObservableCollection" => (typeof(ObservableCollection<T>), (items, _) => new ObservableCollection<T>(items)),
            "ConcurrentBag" => (typeof(ConcurrentBag<T>), (items, _) => new ConcurrentBag<T>(items)),
            "ConcurrentQueue" => (typeof(ConcurrentQueue<T>), (items, _) => new ConcurrentQueue<T>(items)),
            "ConcurrentStack" => (typeof(ConcurrentStack<T>), (items, _) => new ConcurrentStack<T>(items)),
            "Memory" => (typeof(Memory<T>), (items, _) => new Memory<T>(items)),
            "ReadOnlyMemory" => (typeof(ReadOnlyMemory<T>), (items, _) => new ReadOnlyMemory<T>(items)),
            "ArraySegment" => (typeof(ArraySegment<T>), (items, _) => new ArraySegment<T>(items)),
            "object of array" => (typeof(object), (items, _) => items),
            "untyped IEnumerable" => (typeof(IEnumerable), (items, _) => items.ToList()),
            "ArrayList" => (typeof(ArrayList), (items, _) => new ArrayList(items)),
            "iterator" => (typeof(IEnumerable<T>), (items, lazies) => lazies.Iterate(items)),
            "query" => (typeof(IEnumerable<T>), (items, lazies) => lazies.Iterate(items).Select(item => item)),
            "once" => (typeof(IEnumerable<T>), (items, lazies) => new OnceOnly<T>(lazies.Iterate(items))),
            "object of iterator" => (typeof(object), (items, lazies) => lazies.Iterate(items)),
            "matrix" => (typeof(T[,]), (items, _) => Matrix(items)),
            "lookup" => (typeof(ILookup<string, T>), (items, _) => items.ToLookup(item => "key")),
            "groups" => (typeof(List<IGrouping<string, T>>), (items, _) => items.GroupBy(item => "key").ToList()),
            "IReadOnlyCollection of stack" => (typeof(IReadOnlyCollection<T>), (items, _) => new Stack<T>(items)),
            "unset ImmutableArray" => (typeof(ImmutableArray<T>), (_, _) => default(ImmutableArray<T>)),
            "untyped Stack" => (typeof(System.Collections.Stack), (items, _) => new System.Collections.Stack(items)),
            _ => throw new ArgumentException(kind, nameof(kind)),
        };

        /// <summary>The text of a JSON value with a number that JSON does not have, or with half a surrogate pair, throws.</summary>
        private static string? Text(T? item)
        {
            try
            {
                return item?.ToString();
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                return null;
            }
        }

        private static T[,] Matrix(T[] items)
        {
            var matrix = new T[1, items.Length];
            for (var i = 0; i < items.Length; i++)
            {
                matrix[0, i] = items[i];
            }

            return matrix;
        }
    }
}

/// <summary>Dictionaries of every kind, by name.</summary>
internal static class Dictionaries
{
    public static readonly string[] Plain =
    [
        "Dictionary", "IDictionary", "IReadOnlyDictionary", "ImmutableDictionary", "FrozenDictionary", "ConcurrentDictionary", "OrderedDictionary",
        "SortedDictionary", "SortedList", "ImmutableSortedDictionary", "ReadOnlyDictionary", "IEnumerable of pairs",
        "untyped IDictionary", "Hashtable", "object of dictionary",
    ];

    private interface IOf
    {
        Type Type(string kind);

        object Make(string kind, IDictionary entries);
    }

    public static Type Type(string kind, Type key, Type value) => Of(key, value).Type(kind);

    public static object Make(string kind, Type key, Type value, IDictionary entries) => Of(key, value).Make(kind, entries);

    private static IOf Of(Type key, Type value) => (IOf)Activator.CreateInstance(typeof(Kinds<,>).MakeGenericType(key, value))!;

    private sealed class Kinds<TKey, TValue> : IOf
        where TKey : notnull
    {
        /// <summary>The default order of texts takes some for equal, such as an empty one and a byte order mark.</summary>
        private static readonly IComparer<TKey> s_order = StringComparer.Ordinal as IComparer<TKey> ?? Comparer<TKey>.Default;

        public Type Type(string kind) => Kind(kind).Declared;

        public object Make(string kind, IDictionary entries) => Kind(kind).Make((Dictionary<TKey, TValue>)entries);

        private static (Type Declared, Func<Dictionary<TKey, TValue>, object> Make) Kind(string kind) => kind switch
        {
            "Dictionary" => (typeof(Dictionary<TKey, TValue>), entries => entries),
            "IDictionary" => (typeof(IDictionary<TKey, TValue>), entries => entries),
            "IReadOnlyDictionary" => (typeof(IReadOnlyDictionary<TKey, TValue>), entries => entries),
            "ImmutableDictionary" => (typeof(ImmutableDictionary<TKey, TValue>), entries => entries.ToImmutableDictionary()),
            "FrozenDictionary" => (typeof(FrozenDictionary<TKey, TValue>), entries => entries.ToFrozenDictionary()),
            "ConcurrentDictionary" => (typeof(ConcurrentDictionary<TKey, TValue>), entries => new ConcurrentDictionary<TKey, TValue>(entries)),
            "OrderedDictionary" => (typeof(OrderedDictionary<TKey, TValue>), entries => new OrderedDictionary<TKey, TValue>(entries)),
            "SortedDictionary" => (typeof(SortedDictionary<TKey, TValue>), entries => new SortedDictionary<TKey, TValue>(entries, s_order)),
            "SortedList" => (typeof(SortedList<TKey, TValue>), entries => new SortedList<TKey, TValue>(entries, s_order)),
            "ImmutableSortedDictionary" => (typeof(ImmutableSortedDictionary<TKey, TValue>), entries => entries.ToImmutableSortedDictionary(s_order)),
            "ReadOnlyDictionary" => (typeof(ReadOnlyDictionary<TKey, TValue>), entries => new ReadOnlyDictionary<TKey, TValue>(entries)),
            "IEnumerable of pairs" => (typeof(IEnumerable<KeyValuePair<TKey, TValue>>), entries => entries),
            "untyped IDictionary" => (typeof(IDictionary), entries => entries),
            "Hashtable" => (typeof(Hashtable), entries => new Hashtable(entries)),
            "object of dictionary" => (typeof(object), entries => entries),
            _ => throw new ArgumentException(kind, nameof(kind)),
        };
    }
}
