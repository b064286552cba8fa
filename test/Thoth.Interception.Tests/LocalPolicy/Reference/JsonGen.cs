using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Generators of JSON arrays and objects as texts.</summary>
internal static class JsonGen
{
    public static string Quote(string text) => ReferenceJson.Write(text);

    /// <summary>Writes letters at the start of names and strings as escapes, which must not matter.</summary>
    public static string Escape(string json) =>
        Regex.Replace(json, "(?<=\")[a-z]", match => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)match.Value[0]:X4}"));

    public static Gen<bool> Percent(int percent) => Gen.Choose(1, 100).Select(number => number <= percent);

    public static Gen<T[]> Many<T>(Gen<T> element, int min, int max) => Gen.Choose(min, max).SelectMany(count => element.ArrayOf(count));

    /// <summary>Makes arrays with elements that are all different.</summary>
    public static Gen<string> Array(Gen<string> element, int min, int max) => Many(element, min, max).Select(elements =>
        $"[{string.Join(",", elements.DistinctBy(json => ReferenceJson.IsNumber(Parse(json)) ? ReferenceJson.NumberOf(Parse(json)) : (object)json))}]");

    /// <summary>Makes one value, or an array of different values.</summary>
    public static Gen<string> OneOrMore(Gen<string> element) => Gen.OneOf(element, Array(element, 1, 3));

    /// <summary>Makes objects whose members are there with their probabilities.</summary>
    public static Gen<string> Object(params (string Key, int Percent, Gen<string> Value)[] members) => members
        .Select(member => Percent(member.Percent).SelectMany(isThere => isThere
            ? member.Value.Select(value => $"{Quote(member.Key)}:{value}")
            : Gen.Constant("")))
        .CollectAll()
        .Select(parts => $"{{{string.Join(",", parts.Where(part => part.Length > 0))}}}");

    /// <summary>Makes objects of a few members with the first value of each key.</summary>
    public static Gen<string> Map(Gen<string> key, Func<string, Gen<string>> value, int min, int max, Func<string, object>? identity = null) => Many(key, min, max)
        .SelectMany(keys => keys.DistinctBy(identity ?? (name => name))
            .Select(name => value(name).Select(json => $"{Quote(name)}:{json}"))
            .CollectAll())
        .Select(parts => $"{{{string.Join(",", parts)}}}");

    private static Gen<string[]> CollectAll(this IEnumerable<Gen<string>> gens) => Gen.CollectToArray(gens);

    private static JsonNode? Parse(string json) => JsonNode.Parse(json);
}
