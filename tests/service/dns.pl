#!/usr/bin/perl
# A name server on loopback that knows one name, tg.test, and answers for it with 127.0.0.1.
use strict;
use warnings;
use IO::Socket::INET;

my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 53, Proto => 'udp') or die $!;
while (defined $server->recv(my $query, 512)) {
    my $end = index($query, "\0", 12);
    my $name = substr $query, 12, $end - 12;
    my $type = unpack 'n', substr $query, $end + 1, 2;
    my $knows = $name eq "\2tg\4test";
    my $answer = $knows && $type == 1 ? pack('nnnNnC4', 0xc00c, 1, 1, 60, 4, 127, 0, 0, 1) : '';
    $server->send(substr($query, 0, 2) . pack('n5', $knows ? 0x8180 : 0x8183, 1, $answer ne '', 0, 0)
        . substr($query, 12, $end + 5 - 12) . $answer);
}
