using System.Collections;
using System.Collections.Concurrent;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Reads a lazy argument once. For parameters declared as <c>IEnumerable</c>, <c>IEnumerable&lt;T&gt;</c> or <c>object</c> the elements
/// are copied into a list; inside other arguments, and behind <c>object</c> if its class may have a meaning of its own, the sequence is
/// run while it is written.
/// </summary>
internal abstract class LazySequence
{
    /// <summary>The largest JSON that may be sent holds no more elements, so reading stops here.</summary>
    private const int MaxElements = ArgumentJson.MaxBytes / 2;

    private static readonly ConcurrentDictionary<Type, bool> s_collections = new();
    private static readonly ConcurrentDictionary<Type, LazySequence> s_iterators = new();

    /// <summary>Gets the reader of a parameter type, or <see langword="null"/> if its values are not lazy.</summary>
    public static LazySequence? For(Type type)
    {
        if (type == typeof(object))
        {
            return new Any();
        }

        if (type == typeof(IEnumerable))
        {
            return new Of<object?>();
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>) ? OfElements(type.GetGenericArguments()[0]) : null;
    }

    /// <summary>
    /// Whether a value is run each time that it is read: a sequence whose declared type says no more than that, or nothing, and each
    /// iterator.
    /// </summary>
    public static bool IsLazy(object value, Type declared) =>
        MayBe(value.GetType())
        && (declared == typeof(object) ? !PlaceholderTypes.Contains(value.GetType()) : IsSequence(declared) || IsIterator(value.GetType()));

    /// <summary>Whether values of a type may give other elements each time, or only once: sequences other than collections.</summary>
    public static bool MayBe(Type type) =>
        typeof(IEnumerable).IsAssignableFrom(type) && !s_collections.GetOrAdd(type, IsCollection);

    /// <summary>Copies a lazy value into a list; returns any other value as it is.</summary>
    public abstract object Materialize(object value);

    private static LazySequence OfElements(Type element) => (LazySequence)Activator.CreateInstance(typeof(Of<>).MakeGenericType(element))!;

    private static bool IsSequence(Type declared) =>
        declared == typeof(IEnumerable) || (declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(IEnumerable<>));

    /// <summary>Whether the type is an iterator: one of LINQ, or what the compiler makes of a method with <c>yield</c>.</summary>
    private static bool IsIterator(Type type) =>
        type.Namespace == "System.Linq" || FrameworkTypes.IsMadeByCompiler(type);

    /// <summary>Whether the type holds its elements: by an interface, or as a class of .NET such as <c>ImmutableQueue&lt;T&gt;</c>.</summary>
    private static bool IsCollection(Type type) =>
        type == typeof(string) || typeof(ICollection).IsAssignableFrom(type)
        || (FrameworkTypes.IsCollection(type) && type is { IsInterface: false, IsVisible: true })
        || Array.Exists(type.GetInterfaces(), static i => i.IsGenericType
            && i.GetGenericTypeDefinition() is var definition
            && (definition == typeof(ICollection<>) || definition == typeof(IReadOnlyCollection<>)));

    private sealed class Any : LazySequence
    {
        public override object Materialize(object value)
        {
            // A tool may cast an object to its class, but not to that of an iterator.
            if (!IsIterator(value.GetType()) || !IsLazy(value, typeof(object)))
            {
                return value;
            }

            return s_iterators.GetOrAdd(value.GetType(), static type => OfElements(
                Array.Find(type.GetInterfaces(), static i => i.IsGenericType && IsSequence(i))?.GetGenericArguments() is [var element] ? element : typeof(object))).Materialize(value);
        }
    }

    private sealed class Of<T> : LazySequence
    {
        public override object Materialize(object value)
        {
            var type = value.GetType();
            if (!MayBe(type))
            {
                return value;
            }

            if (!FrameworkTypes.Contains(type) && !PlaceholderTypes.Contains(type))
            {
                CollectionMembers.RefuseIn(type);
            }

            // A sequence may enumerate other elements as IEnumerable than as IEnumerable<T>; Cast prefers the latter, as the tool does.
            var elements = new List<T>();
            foreach (var element in ((IEnumerable)value).Cast<T>())
            {
                if (elements.Count == MaxElements)
                {
                    throw new ArgumentObstacleException("the sequence has more elements than 1 MiB of JSON can hold; pass fewer");
                }

                elements.Add(element);
            }

            return elements;
        }
    }
}
